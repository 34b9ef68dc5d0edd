SELECT DISTINCT a.id AS "of", nullif(w.role, '') AS role, p.id, p.label AS name
FROM json_each(:ids) j
CROSS JOIN activity a ON a.id = j.value
CROSS JOIN was_associated_with w ON w.activity = a.nid
CROSS JOIN agent p ON p.nid = w.agent
ORDER BY 1, 2 IS NULL, 2, 3
LIMIT :_limit

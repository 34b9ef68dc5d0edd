SELECT DISTINCT a.id AS "of", nullif(u.role, '') AS role, d.id, d.label AS name, (
    SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = d.nid AND h.role = 'attribute' AND x.label = 'digest'
) AS digest
FROM json_each(:ids) j
CROSS JOIN activity a ON a.id = j.value
CROSS JOIN used u ON u.activity = a.nid
CROSS JOIN entity d ON d.nid = u.entity
WHERE d.type IN ('Dataset', 'LearningDataset')
ORDER BY 1, 2 IS NULL, 2, 3
LIMIT :_limit

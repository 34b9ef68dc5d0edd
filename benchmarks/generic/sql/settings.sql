-- Of the trainings and of their sections.
WITH asked AS (SELECT a.nid, a.id FROM json_each(:ids) j CROSS JOIN activity a ON a.id = j.value),
holder(training, nid) AS (
    SELECT id, nid FROM asked
    UNION ALL
    SELECT a.id, u.activity FROM asked a
    CROSS JOIN entity x ON x.label = 'partOf/section' AND x.value = a.id
    CROSS JOIN used u ON u.entity = x.nid
)
SELECT DISTINCT h.training AS "of", s.label AS name, s.value FROM holder h
CROSS JOIN used u ON u.activity = h.nid AND u.role = 'setting'
CROSS JOIN entity s ON s.nid = u.entity
ORDER BY 1, 2, 3
LIMIT :_limit

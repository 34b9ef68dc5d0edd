-- The trainings of an experiment or study; all, where none is given.
WITH RECURSIVE part(id) AS (
    SELECT :thing WHERE :thing IS NOT NULL
    UNION
    SELECT a.id FROM part
    CROSS JOIN entity x ON x.label IN ('partOf/experiment', 'partOf/part') AND x.value = part.id
    CROSS JOIN used u ON u.entity = x.nid
    CROSS JOIN activity a ON a.nid = u.activity
    UNION
    SELECT e.id FROM part
    CROSS JOIN entity x ON x.label = 'partOf/study' AND x.value = part.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity e ON e.nid = h.collection
)
SELECT a.id AS training, a.label AS training_name FROM part
CROSS JOIN activity a ON a.id = part.id AND a.type = 'Training'
WHERE part.id <> :thing
UNION ALL
SELECT id, label FROM activity WHERE :thing IS NULL AND type = 'Training'
ORDER BY 1
LIMIT :_limit

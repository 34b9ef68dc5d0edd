-- The best score of each model of the trainings: of its evaluations, else of its training's points.
WITH model AS (
    SELECT a.nid AS training, a.id AS "of", m.nid, m.id, m.label
    FROM json_each(:ids) j
    CROSS JOIN activity a ON a.id = j.value
    CROSS JOIN was_generated_by g ON g.activity = a.nid AND g.role NOT IN ('point', 'attribute')
    CROSS JOIN entity m ON m.nid = g.entity AND m.type = 'Model'
),
evaluated AS (
    SELECT m."of", m.id, m.label, v.number AS value
    FROM model m
    CROSS JOIN entity e ON e.label = 'evaluationOf' AND e.value = m.id
    CROSS JOIN had_member he ON he.member = e.nid
    CROSS JOIN entity v ON v.nid = he.collection
    WHERE v.type = 'ModelEvaluation' AND v.label = :measure AND v.number IS NOT NULL AND (:words IS NULL OR EXISTS (
        SELECT 1 FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
        AND x.value IN (SELECT value FROM json_each(:words))
    ))
),
measured AS (
    SELECT m."of", m.id, m.label, p.number AS value
    FROM model m
    CROSS JOIN was_generated_by g ON g.activity = m.training AND g.role = 'point'
    CROSS JOIN entity p ON p.nid = g.entity
    WHERE NOT EXISTS (SELECT 1 FROM evaluated e WHERE e."of" = m."of" AND e.id = m.id)
    AND p.label = :measure AND abs(p.number) <= 1.7976931348623157e308
    AND (:splits IS NULL OR EXISTS (SELECT 1 FROM json_each(:splits) s WHERE instr(g.labels, s.value)))
)
SELECT "of", CASE WHEN :greatest THEN -max(value) ELSE min(value) END AS worth, id AS model, label AS model_name,
    CASE WHEN :greatest THEN max(value) ELSE min(value) END AS value
FROM (SELECT * FROM evaluated UNION ALL SELECT * FROM measured)
GROUP BY "of", id
ORDER BY 1, 2, 3
LIMIT :_limit

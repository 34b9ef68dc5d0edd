-- The models of an experiment's trainings by their best score: of their evaluations, else of their training's points.
WITH RECURSIVE part(id) AS (
    SELECT :thing
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
),
model AS (
    SELECT a.nid AS training, a.id AS training_id, a.label AS training_name, m.nid, m.id, m.label
    FROM part
    CROSS JOIN activity a ON a.id = part.id AND a.type = 'Training'
    CROSS JOIN was_generated_by g ON g.activity = a.nid AND g.role NOT IN ('point', 'attribute')
    CROSS JOIN entity m ON m.nid = g.entity AND m.type = 'Model'
    WHERE part.id <> :thing
),
evaluated AS (
    SELECT m.training, m.nid AS model, v.number AS value, v.id AS v, o.value AS "on", (
        SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
    ) AS split
    FROM model m
    CROSS JOIN entity e ON e.label = 'evaluationOf' AND e.value = m.id
    CROSS JOIN had_member he ON he.member = e.nid
    CROSS JOIN entity v ON v.nid = he.collection AND v.type = 'ModelEvaluation' AND v.label = :measure
    LEFT JOIN entity o ON o.nid IN (
        SELECT x.nid FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'onData'
    )
    WHERE v.number IS NOT NULL AND (:words IS NULL OR EXISTS (
        SELECT 1 FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
        AND x.value IN (SELECT value FROM json_each(:words))
    ))
),
measured AS (
    SELECT m.training, m.nid AS model, g.labels,
        CASE WHEN :greatest THEN max(p.number) ELSE min(p.number) END AS value
    FROM model m
    CROSS JOIN was_generated_by g ON g.activity = m.training AND g.role = 'point'
    CROSS JOIN entity p ON p.nid = g.entity
    WHERE NOT EXISTS (SELECT 1 FROM evaluated e WHERE e.training = m.training AND e.model = m.nid)
    AND p.label = :measure AND abs(p.number) <= 1.7976931348623157e308
    AND (:splits IS NULL OR EXISTS (SELECT 1 FROM json_each(:splits) s WHERE instr(g.labels, s.value)))
    GROUP BY m.training, m.nid, g.labels
),
score AS (
    SELECT training, model, value, "on", split, NULL AS labels, v FROM evaluated
    UNION ALL
    SELECT training, model, value, NULL, NULL, coalesce(labels, ''), NULL FROM measured
),
best AS (
    SELECT *, CASE WHEN :greatest THEN -value ELSE value END AS worth, row_number() OVER (
        PARTITION BY training, model
        ORDER BY CASE WHEN :greatest THEN -value ELSE value END, "on" IS NULL, "on", split IS NULL, split, labels, v
    ) AS place
    FROM score
)
SELECT m.id AS model, m.label AS model_name, b.value, b.split, b."on", d.label AS on_name,
    m.training_id AS training, m.training_name, b.labels, b.worth
FROM best b
CROSS JOIN model m ON m.training = b.training AND m.nid = b.model
LEFT JOIN entity d ON d.id = b."on"
WHERE b.place = 1
ORDER BY b.worth, m.id, m.training_id
LIMIT :_limit

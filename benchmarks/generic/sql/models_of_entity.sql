-- What lies in a place; the data about that; what came of that, step by step; the models among it, and their scores.
-- reach: from thing y to entity n (is = 0), or to activity n from time t on: with its parts (1), or without them, as it
-- had a part that had ended (2). So an activity's products depend on what it had used before, not on what it used later.
WITH RECURSIVE inside(nid, id, name) AS (
    SELECT nid, id, coalesce(label, id) FROM entity WHERE id = :thing
    UNION
    SELECT e.nid, e.id, coalesce(e.label, e.id) FROM inside i
    CROSS JOIN entity x ON x.label = 'locatedIn' AND x.value = i.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity e ON e.nid = h.collection
),
reach(y, n, t, "is") AS (
    SELECT i.nid, h.collection, 0, 0 FROM inside i
    CROSS JOIN entity x ON x.label = 'about' AND x.value = i.id
    CROSS JOIN had_member h ON h.member = x.nid
    UNION
    SELECT i.nid, u.activity, 0, 1 FROM inside i
    CROSS JOIN entity x ON x.label = 'about' AND x.value = i.id
    CROSS JOIN used u ON u.entity = x.nid
    UNION
    SELECT r.y, u.activity, u.t, 1 FROM reach r
    CROSS JOIN used u ON u.entity = r.n
    WHERE r."is" = 0
    UNION
    SELECT r.y, g.entity, 0, 0 FROM reach r
    CROSS JOIN was_generated_by g ON g.activity = r.n AND g.t >= r.t AND g.role NOT IN ('point', 'attribute')
    WHERE r."is" > 0 AND NOT g.exact
    UNION
    SELECT r.y, d.s, 0, 0 FROM reach r
    CROSS JOIN relation d ON d.d = r.n AND d.name IN ('wasDerivedFrom', 'specializationOf')
    WHERE r."is" = 0
    UNION
    SELECT r.y, h.collection, 0, 0 FROM reach r
    CROSS JOIN had_member h ON h.member = r.n
    WHERE r."is" = 0
    UNION
    SELECT r.y, d.s, 0, 1 FROM reach r
    CROSS JOIN relation d ON d.d = r.n AND d.name = 'wasInformedBy'
    WHERE r."is" > 0
    UNION
    SELECT r.y, p.nid, 0, 1 FROM reach r
    CROSS JOIN activity w ON w.nid = r.n
    CROSS JOIN entity x ON x.label = 'partOf/part' AND x.value = w.id
    CROSS JOIN used u ON u.entity = x.nid
    CROSS JOIN activity p ON p.nid = u.activity AND p.started >= r.t
    WHERE r."is" = 1
    UNION
    SELECT r.y, w.nid, a.ended, 2 FROM reach r
    CROSS JOIN activity a ON a.nid = r.n AND a.ended IS NOT NULL
    CROSS JOIN used u ON u.activity = a.nid AND u.role = 'attribute'
    CROSS JOIN entity x ON x.nid = u.entity AND x.label = 'partOf/part'
    CROSS JOIN activity w ON w.id = x.value
    WHERE r."is" > 0
),
model AS (
    SELECT m.nid, m.id, m.label, a.id AS training, a.label AS training_name, json_group_array(i.name) AS entities
    FROM (
        SELECT DISTINCT r.n, a.nid AS training, i.name FROM reach r
        CROSS JOIN entity m ON m.nid = r.n AND m.type = 'Model'
        CROSS JOIN was_generated_by g ON g.entity = m.nid
        CROSS JOIN activity a ON a.nid = g.activity AND a.type = 'Training'
        CROSS JOIN inside i ON i.nid = r.y
        WHERE r."is" = 0
        ORDER BY r.n, a.nid, i.name
    ) i
    CROSS JOIN entity m ON m.nid = i.n
    CROSS JOIN activity a ON a.nid = i.training
    GROUP BY i.n, i.training
)
SELECT m.id AS model, m.label AS model_name, m.training, m.training_name, m.entities, v.label AS measure,
    v.number AS value, (
        SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
    ) AS split, d.id AS "on", d.label AS on_name
FROM model m
LEFT JOIN entity v ON v.nid IN (
    SELECT h.collection FROM entity e CROSS JOIN had_member h ON h.member = e.nid
    WHERE e.label = 'evaluationOf' AND e.value = m.id
) AND v.type = 'ModelEvaluation' AND (:measure IS NULL OR v.label = :measure) AND (:words IS NULL OR EXISTS (
    SELECT 1 FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
    AND x.value IN (SELECT value FROM json_each(:words))
))
LEFT JOIN entity o ON o.nid IN (
    SELECT x.nid FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'onData'
)
LEFT JOIN entity d ON d.id = o.value
ORDER BY 2 IS NULL, 2, 1, 6 IS NULL, 6, 10 IS NULL, 10, 9 IS NULL, 9, 7 IS NULL, 7, 3
LIMIT :_limit

-- What lies in a place, or is of a class or a narrower one; the data about that; the best score of each model on it.
WITH RECURSIVE inside(id, name) AS (
    SELECT id, coalesce(label, id) FROM entity WHERE id = :thing
    UNION
    SELECT e.id, coalesce(e.label, e.id) FROM inside i
    CROSS JOIN entity x ON x.label = 'locatedIn' AND x.value = i.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity e ON e.nid = h.collection
),
narrower(id) AS (
    SELECT :thing
    UNION
    SELECT e.id FROM narrower i
    CROSS JOIN entity x ON x.label = 'broader' AND x.value = i.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity e ON e.nid = h.collection
),
thing(id, name) AS (
    SELECT id, name FROM inside
    UNION
    SELECT e.id, coalesce(e.label, e.id) FROM narrower n
    CROSS JOIN entity x ON x.label = 'instanceOf' AND x.value = n.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity e ON e.nid = h.collection
),
data(nid, entities) AS (
    SELECT nid, json_group_array(name) FROM (
        SELECT DISTINCT h.collection AS nid, t.name FROM thing t
        CROSS JOIN entity x ON x.label = 'about' AND x.value = t.id
        CROSS JOIN had_member h ON h.member = x.nid
        ORDER BY 1, 2
    ) GROUP BY nid
),
score AS (
    SELECT m.id AS model, m.label AS model_name, v.number AS value, d.id AS "on", d.label AS on_name, data.entities, (
        SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
    ) AS split, v.id AS v, CASE WHEN :greatest THEN -v.number ELSE v.number END AS worth
    FROM data
    CROSS JOIN entity d ON d.nid = data.nid
    CROSS JOIN entity o ON o.label = 'onData' AND o.value = d.id
    CROSS JOIN had_member ho ON ho.member = o.nid
    CROSS JOIN entity v ON v.nid = ho.collection AND v.type = 'ModelEvaluation' AND v.label = :measure
    CROSS JOIN had_member he ON he.collection = v.nid AND he.role = 'attribute'
    CROSS JOIN entity e ON e.nid = he.member AND e.label = 'evaluationOf'
    CROSS JOIN entity m ON m.id = e.value AND m.type = 'Model'
    WHERE v.number IS NOT NULL AND (:words IS NULL OR EXISTS (
        SELECT 1 FROM had_member h CROSS JOIN entity x ON x.nid = h.member
        WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
        AND x.value IN (SELECT value FROM json_each(:words))
    ))
)
SELECT model, model_name, value, split, "on", on_name, entities, worth FROM (
    SELECT *, row_number() OVER (
        PARTITION BY model ORDER BY worth, on_name IS NULL, on_name, "on", value, split IS NULL, split, v
    ) AS place
    FROM score
) WHERE place = 1
ORDER BY worth, model_name IS NULL, model_name, model
LIMIT :_limit

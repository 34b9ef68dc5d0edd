-- Of the models that the trainings made, each on the data it was made on.
SELECT a.id AS "of", v.label AS measure, (
    SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'split'
) AS split, d.id AS "on", d.label AS on_name, (
    SELECT min(x.value) FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = d.nid AND h.role = 'attribute' AND x.label = 'digest'
) AS digest, v.number AS value, v.id AS v, NULL AS labels
FROM json_each(:ids) j
CROSS JOIN activity a ON a.id = j.value
CROSS JOIN was_generated_by g ON g.activity = a.nid AND g.role NOT IN ('point', 'attribute')
CROSS JOIN entity m ON m.nid = g.entity AND m.type = 'Model'
CROSS JOIN entity e ON e.label = 'evaluationOf' AND e.value = m.id
CROSS JOIN had_member he ON he.member = e.nid
CROSS JOIN entity v ON v.nid = he.collection AND v.type = 'ModelEvaluation'
LEFT JOIN entity o ON o.nid IN (
    SELECT x.nid FROM had_member h CROSS JOIN entity x ON x.nid = h.member
    WHERE h.collection = v.nid AND h.role = 'attribute' AND x.label = 'onData'
)
LEFT JOIN entity d ON d.id = o.value
ORDER BY 1, 2, 3 IS NULL, 3, 4 IS NULL, 4, 7 IS NULL, 7, 8
LIMIT :_limit

-- The last point of each series of the trainings.
SELECT "of", measure, labels, value FROM (
    SELECT a.id AS "of", p.label AS measure, g.labels, p.number AS value,
        row_number() OVER (PARTITION BY a.nid, p.label, g.labels ORDER BY g.t DESC, g.n DESC) AS place
    FROM json_each(:ids) j
    CROSS JOIN activity a ON a.id = j.value
    CROSS JOIN was_generated_by g ON g.activity = a.nid AND g.role = 'point'
    CROSS JOIN entity p ON p.nid = g.entity
) WHERE place = 1
ORDER BY 1, 2, 3, 4
LIMIT :_limit

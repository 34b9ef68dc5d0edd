-- A start and an end of each activity, and the ends of the jobs that they were submitted as. Who said so (the writer) is
-- in begat's books, not in PROV.
WITH asked AS (SELECT a.* FROM json_each(:ids) j CROSS JOIN activity a ON a.id = j.value)
SELECT id, NULL AS writer, NULL AS outcome, started AS at, NULL AS job FROM asked WHERE started IS NOT NULL
UNION ALL
SELECT a.id, NULL, v.value, a.ended, NULL FROM asked a
CROSS JOIN was_generated_by g ON g.activity = a.nid AND g.role = 'attribute'
CROSS JOIN entity v ON v.nid = g.entity AND v.label = 'outcome'
UNION ALL
SELECT a.id, NULL, v.value, job.ended, job.id FROM asked a
CROSS JOIN used u ON u.activity = a.nid AND u.role = 'attribute'
CROSS JOIN entity x ON x.nid = u.entity AND x.label = 'submittedAs'
CROSS JOIN activity job ON job.id = x.value
CROSS JOIN was_generated_by g ON g.activity = job.nid AND g.role = 'attribute'
CROSS JOIN entity v ON v.nid = g.entity AND v.label = 'outcome'
ORDER BY 1
LIMIT :_limit

-- The latest runs, with what benchmarks/graphql_rows.py shows of them: no sections, no jobs, no steps of another.
SELECT i.id, n.name, y.name, 'Activity', n.st, n.et, coalesce(n.st, n.t) AS seen
FROM node n
JOIN ident i ON i.nid = n.nid
LEFT JOIN type y ON y.code = n.type
WHERE n.kinds & 2
  AND NOT EXISTS (
    SELECT 1 FROM node_type m
    JOIN type t ON t.code = m.type
    WHERE m.nid = n.nid AND t.name IN ('Job', 'LearningStageSection')
  )
  AND (y.name IS NULL OR y.name NOT IN ('Job', 'LearningStageSection'))
  AND NOT (y.name IS NULL AND EXISTS (SELECT 1 FROM edge e WHERE e.s = n.nid AND e.rel = 15 AND e.role = 'part'))
ORDER BY seen DESC, n.name, i.id
LIMIT :n

-- The latest runs, with what benchmarks/graphql_rows.py shows of them: no sections, no jobs, no steps of another.
SELECT i.id, n.name, y.name, 'Activity', n.st, n.et, coalesce(n.st, n.t)
FROM node n INDEXED BY node_run
CROSS JOIN ident i ON i.nid = n.nid
LEFT JOIN type y ON y.code = n.type
WHERE n.ctx = 1 AND n.kinds & 2 AND n.type IS NOT 21 AND n.type IS NOT 27
  AND NOT EXISTS (SELECT 1 FROM node_type m WHERE m.nid = n.nid AND m.type IN (21, 27))
  AND NOT (n.type IS NULL AND EXISTS (SELECT 1 FROM edge e WHERE e.s = n.nid AND e.rel = 15 AND e.role = 'part'))
ORDER BY coalesce(n.st, n.t, -9223372036854775808) DESC, n.name, i.id
LIMIT :n

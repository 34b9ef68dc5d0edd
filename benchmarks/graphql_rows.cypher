// The latest runs, with what benchmarks/graphql_rows.py shows of them: no sections, no jobs, no steps of another.
MATCH (n:Activity)
WHERE NOT n:LearningStageSection AND NOT n:Job
  AND NOT (n.type IS NULL AND EXISTS { (n)-[:PART_OF {role: 'part'}]->() })
WITH n, coalesce(n.started_at, n.name_t) AS seen
ORDER BY seen DESC, n.name, n.id
LIMIT $n
RETURN collect([n.id, n.name, n.type, 'Activity', n.started_at, n.ended_at, seen]) AS rows

// Series of metric points.

// :load
UNWIND $keys AS key
MATCH (s:Series {key: key})
RETURN properties(s)

// :put
UNWIND $rows AS row
MATCH (n:Resource {id: row.activity})
MERGE (s:Series {key: row.p.key})
ON CREATE SET s = row.p
ON MATCH SET s += row.p
MERGE (n)-[:HAS_SERIES]->(s)

// :put_points
UNWIND $rows AS row
MATCH (s:Series {key: row.key})
CREATE (s)-[:HAS_POINTS]->(p:Points) SET p = row.p

// :of_commits
MATCH (p:Points)<-[:HAS_POINTS]-(s:Series)<-[:HAS_SERIES]-(n) WHERE p.commit > $since AND p.commit <= $until
RETURN n.id, s.ctx, s.name, s.labels, properties(p)

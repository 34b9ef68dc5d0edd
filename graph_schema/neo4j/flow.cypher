// The flow projection. @SOURCE@ and @TARGET@ are each Resource {id or Phase {key.

// :state
UNWIND $ids AS id
MATCH (n:Resource {id: id})
WITH id, n, EXISTS { (n)<-[:PHASE_OF]-(:Phase {kind: 'made'}) } AS again
WHERE n:Marked OR again OR n.tail IS NOT NULL
RETURN id, n:Marked, again, n.tail

// :mark
UNWIND $ids AS id
MATCH (n:Resource {id: id}) SET n:Marked

// :marked
MATCH (n:Marked) RETURN n.id LIMIT $many

// :unmark
UNWIND $ids AS id
MATCH (n:Resource {id: id}) REMOVE n:Marked

// :put_tails
UNWIND $rows AS row
MATCH (n:Resource {id: row.id}) SET n.tail = row.tail

// :put_phases
UNWIND $rows AS row
MATCH (n:Resource {id: row.of})
MERGE (p:Phase {key: row.key})
ON CREATE SET p = row
MERGE (p)-[:PHASE_OF]->(n)

// :create
UNWIND $rows AS row
MATCH (s:@SOURCE@: row.s})
MATCH (d:@TARGET@: row.d})
CREATE (s)-[f:FLOW]->(d) SET f = row.p

// :merge
UNWIND $rows AS row
MATCH (s:@SOURCE@: row.s})
MATCH (d:@TARGET@: row.d})
MERGE (s)-[f:FLOW {ctx: row.p.ctx}]->(d)
ON CREATE SET f = row.p
ON MATCH SET f.t = CASE WHEN f.t IS NULL OR row.p.t IS NULL THEN null WHEN row.p.t < f.t THEN row.p.t ELSE f.t END

// :unlink
UNWIND $rows AS row
MATCH (s:@SOURCE@: row.s})
MATCH (d:@TARGET@: row.d})
MATCH (s)-[f:FLOW {ctx: row.p.ctx}]->(d)
DELETE f

// :drop
UNWIND $elements AS element
MATCH ()-[r]->() WHERE elementId(r) = element DELETE r

// :drop_phases
UNWIND $ids AS id
MATCH (n:Resource {id: id})<-[:PHASE_OF]-(p:Phase)
WHERE NOT EXISTS { (p)-[:FLOW]-() }
DETACH DELETE p

// :forget_phases
UNWIND $keys AS key
MATCH (p:Phase {key: key})
WHERE NOT EXISTS { (p)-[:FLOW]-() }
DETACH DELETE p

// :tails
UNWIND $ids AS id
MATCH (n:Resource {id: id}) WHERE n.tail IS NOT NULL
RETURN id, n.tail

// :uses_between
UNWIND $rows AS row
MATCH (a:Resource {id: row.a})
MATCH (e:Resource {id: row.e})
MATCH (a)-[r:USED {ctx: row.ctx}]->(e)
RETURN row.a, row.e, row.ctx, r.t, r.w, r.n

// :generations
UNWIND $ids AS id
MATCH (e:Resource {id: id})-[r:WAS_GENERATED_BY]->(a)
RETURN id, a.id, coalesce(r.exact, false), r.ctx, r.t, r.w, r.n

// :users
UNWIND $ids AS id
MATCH (e:Resource {id: id})<-[r:USED|WAS_DERIVED_FROM|SPECIALIZATION_OF|HAD_MEMBER]-(s)
RETURN id, s.id, r.t, r.w, r.n

// :uses
UNWIND $ids AS id
MATCH (a:Resource {id: id})-[r:USED]->(e)
RETURN id, e.id, r.ctx, r.t, r.w, r.n

// :made
UNWIND $ids AS id
MATCH (a:Resource {id: id})<-[:WAS_GENERATED_BY]-(e)
RETURN DISTINCT e.id

// :links
UNWIND $ids AS id
MATCH (n:Resource {id: id})-[r:WAS_DERIVED_FROM|SPECIALIZATION_OF|HAD_MEMBER]->(d)
RETURN id, d.id, r.ctx, r.t, r.w, r.n, r.more

// :wholes
UNWIND $ids AS id
MATCH (n:Resource {id: id})-[r:PART_OF {role: 'part'}]->(d)
RETURN id, d.id, r.ctx

// :parts
UNWIND $ids AS id
MATCH (n:Resource {id: id})<-[r:PART_OF {role: 'part'}]-(s)
RETURN id, s.id, r.ctx

// :spans
UNWIND $ids AS id
MATCH (n:Resource {id: id})
CALL (n) { RETURN n AS d UNION ALL MATCH (n)<-[:FACET_OF]-(d:Facet) RETURN d }
WITH id, d WHERE d.start_w IS NOT NULL OR d.end_w IS NOT NULL
RETURN id, d.started_at, d.start_w, d.start_n, d.ended_at, d.end_w, d.end_n

// :informed
UNWIND $ids AS id
MATCH (n:Resource {id: id})-[r:WAS_INFORMED_BY]-()
WITH DISTINCT r
RETURN startNode(r).id, endNode(r).id, r.ctx, r.t, r.w, r.n

// :flows
UNWIND $ids AS id
MATCH (n:Resource {id: id})
CALL (n) { RETURN n AS p UNION ALL MATCH (n)<-[:PHASE_OF]-(p) RETURN p }
MATCH (p)-[f:FLOW]-()
WITH DISTINCT id, f
WITH id, f, startNode(f) AS s, endNode(f) AS d
RETURN id, elementId(f), coalesce(s.of, s.id), s.kind, s.t, s.w, s.n,
  coalesce(d.of, d.id), d.kind, d.t, d.w, d.n, f.ctx, f.t,
  CASE WHEN f.of IS NULL THEN null ELSE {of: f.of, rank: f.rank, at: f.at, w: f.w, n: f.n} END

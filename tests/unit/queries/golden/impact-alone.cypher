MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_2:Phase)-[:PHASE_OF]->(x) WHERE p_2.kind IN ['name', 'made'] RETURN p_2 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_5:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_6:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_7:PART_OF]-() WHERE e_7.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_8:FLOW]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_3:Phase) WHERE h_3.kind = 'made' RETURN h_3.key ORDER BY h_3.t DESC, h_3.w DESC, h_3.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_4) MATCH (o_4)<-[:PHASE_OF]-(h_3:Phase) WHERE h_3.kind = 'made' RETURN h_3.key ORDER BY h_3.t DESC, h_3.w DESC, h_3.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
UNWIND keys($_c_9) AS id_10
MATCH (y:Resource {id: id_10})
WITH *, $_c_9[y.id][0] AS depth
MATCH (via:Resource {id: $_c_9[y.id][1]})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, coalesce(y.long_name, y.name) AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, y.started_at AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END]);

MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_2:Phase)-[:PHASE_OF]->(x) WHERE p_2.kind IN ['name', 'made'] RETURN p_2 } AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_6:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_7:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_8:PART_OF]-() WHERE e_8.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_5:FLOW]-())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)<-[e:FLOW]-(b)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, CASE WHEN b.kind IS NULL THEN COLLECT { MATCH (b)<-[:PHASE_OF]-(h_3:Phase) WHERE h_3.kind = 'made' RETURN h_3.key ORDER BY h_3.t DESC, h_3.w DESC, h_3.n DESC LIMIT 1 }[0] IS NULL WHEN b.kind = 'made' THEN b.key = COLLECT { MATCH (b)-[:PHASE_OF]->(o_4) MATCH (o_4)<-[:PHASE_OF]-(h_3:Phase) WHERE h_3.kind = 'made' RETURN h_3.key ORDER BY h_3.t DESC, h_3.w DESC, h_3.n DESC LIMIT 1 }[0] ELSE true END AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() })
UNWIND keys($_c_9) AS id_10
MATCH (y:Resource {id: id_10})
WITH *, $_c_9[y.id][0] AS depth
MATCH (via:Resource {id: $_c_9[y.id][1]})
RETURN DISTINCT coalesce(y.long_id, y.id) AS id, coalesce(y.long_name, y.name) AS name, y.type AS type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, y.started_at AS started_at, y.ended_at AS ended_at
ORDER BY depth, type, started_at, name, id, kind, via, ended_at
LIMIT $_limit;

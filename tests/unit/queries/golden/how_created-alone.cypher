MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_3:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_3)-[:FLOW]->() } AND (p_3.kind IN ['fin', 'input'] OR p_3.kind = 'made') RETURN p_3 ORDER BY p_3.kind = 'fin' DESC, p_3.kind = 'input' DESC, p_3.t DESC, p_3.w DESC, p_3.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
CALL (x) {
  UNWIND keys($_c_8) AS id_9
  MATCH (n:Resource {id: id_9})
  WITH *, $_c_8[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_8[n.id][1]})
  OPTIONAL MATCH (via)-[e_10:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WITH *, $_relations[type(e_10)] AS relation
  WITH *, e_10.role AS role
  WITH *, $_k0 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k1 AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_8) AS id_12
    MATCH (via:Resource {id: id_12})
    WITH *, $_c_8[via.id][0] AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_14:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WITH *, $_relations[type(e_14)] AS relation
    WITH *, e_14.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_15:PART_OF]->(via)
    WHERE e_15.role = $_k2
    MATCH (section)-[e_16:HAS_SETTING]->(n)
    WITH *, $_relations[type(e_16)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k3)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k3 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k4 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_17
UNWIND rows_17[0..1] AS row_18
WITH n, row_18.around AS around, row_18.depth AS depth, row_18.via AS via, row_18.relation AS relation, row_18.role AS role
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, coalesce(n.long_name, n.name) AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, n.value AS col_value, n.started_at AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made') RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_2:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_3:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_4:PART_OF]-() WHERE e_4.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_5:FLOW]->())* (a)
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
  UNWIND keys($_c_3) AS id_4
  MATCH (n:Resource {id: id_4})
  WITH *, $_c_3[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_3[n.id][1]})
  OPTIONAL MATCH (via)-[e_5:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WITH *, $_relations[type(e_5)] AS relation
  WITH *, e_5.role AS role
  WITH *, $_k0 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k1 AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_3) AS id_7
    MATCH (via:Resource {id: id_7})
    WITH *, $_c_3[via.id][0] AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_9:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WITH *, $_relations[type(e_9)] AS relation
    WITH *, e_9.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_10:PART_OF]->(via)
    WHERE e_10.role = $_k2
    MATCH (section)-[e_11:HAS_SETTING]->(n)
    WITH *, $_relations[type(e_11)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k3)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k3 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k4 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_12
UNWIND rows_12[0..1] AS row_13
WITH n, row_13.around AS around, row_13.depth AS depth, row_13.via AS via, row_13.relation AS relation, row_13.role AS role
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, coalesce(n.long_name, n.name) AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, n.value AS col_value, n.started_at AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made' AND EXISTS { (p_1)-[f_2:FLOW]->() WHERE f_2.ctx <> 0 AND f_2.ctx IN $_contexts }) RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_3:Facet) RETURN facet_3 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() WHERE e_4.ctx IN $_contexts } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_5.ctx IN $_contexts } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.ctx IN $_contexts AND e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW WHERE r_7.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
CALL (x) {
  UNWIND keys($_c_5) AS id_6
  MATCH (n:Resource {id: id_6})
  WITH *, $_c_5[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_5[n.id][1]})
  OPTIONAL MATCH (via)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE e_7.ctx IN $_contexts
  WITH *, $_relations[type(e_7)] AS relation
  WITH *, e_7.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE (coalesce(via:Activity, false) AND any(r_ IN [r_ IN [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_9:Facet) RETURN facet_9 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k3)))
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_5) AS id_10
    MATCH (via:Resource {id: id_10})
    WITH *, $_c_5[via.id][0] AS above
    WHERE (coalesce(via:Activity, false) AND any(r_ IN [r_ IN [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_11:Facet) RETURN facet_11 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k4)))
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_13:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE e_13.ctx IN $_contexts
    WITH *, $_relations[type(e_13)] AS relation
    WITH *, e_13.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_14:PART_OF]->(via)
    WHERE e_14.ctx IN $_contexts AND e_14.role = $_k5
    MATCH (section)-[e_15:HAS_SETTING]->(n)
    WHERE e_15.ctx IN $_contexts
    WITH *, $_relations[type(e_15)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k6)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k6 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k7 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_16
UNWIND rows_16[0..1] AS row_17
WITH n, row_17.around AS around, row_17.depth AS depth, row_17.via AS via, row_17.relation AS relation, row_17.role AS role
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_20:Facet) RETURN facet_20 } WHERE r_.ctx IN $_contexts] AS rows_19
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_19 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_19 WHERE r_.value IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.value_t IS NULL AND l_.value_t IS NULL THEN r_.value > l_.value WHEN r_.value_t IS NULL THEN true WHEN l_.value_t IS NULL THEN false WHEN r_.value_t <> l_.value_t THEN r_.value_t > l_.value_t WHEN r_.value_w <> l_.value_w THEN r_.value_w > l_.value_w WHEN r_.value_n <> l_.value_n THEN r_.value_n > l_.value_n ELSE r_.value > l_.value END THEN r_ ELSE l_ END)] | l_.value][0] AS col_value, reduce(m_ = null, r_ IN rows_19 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_22:Facet) RETURN facet_22 } WHERE r_.ctx IN $_contexts] AS rows_21
RETURN collect([col_id, col_name, CASE size(rows_21) WHEN 1 THEN rows_21[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_21 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END, CASE WHEN any(r_ IN rows_21 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_21 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_21 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_21 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_21 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

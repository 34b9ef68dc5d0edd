MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_5:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_5)-[:FLOW]->() } AND (p_5.kind IN ['fin', 'input'] OR p_5.kind = 'made' AND EXISTS { (p_5)-[f_6:FLOW]->() WHERE f_6.ctx <> 0 AND f_6.ctx IN $_contexts }) RETURN p_5 ORDER BY p_5.kind = 'fin' DESC, p_5.kind = 'input' DESC, p_5.t DESC, p_5.w DESC, p_5.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_7:Facet) RETURN facet_7 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_8:USED|WAS_INFORMED_BY]->() WHERE e_8.ctx IN $_contexts } OR EXISTS { (x)<-[e_9:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_9.ctx IN $_contexts } OR EXISTS { (x)-[e_10:PART_OF]-() WHERE e_10.ctx IN $_contexts AND e_10.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_11:FLOW WHERE r_11.ctx IN $_contexts]->())* (a)
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
  UNWIND keys($_c_12) AS id_13
  MATCH (n:Resource {id: id_13})
  WITH *, $_c_12[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_12[n.id][1]})
  OPTIONAL MATCH (via)-[e_14:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE e_14.ctx IN $_contexts
  WITH *, $_relations[type(e_14)] AS relation
  WITH *, e_14.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE (coalesce(via:Activity, false) AND any(r_ IN [r_ IN [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_16:Facet) RETURN facet_16 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k3)))
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_12) AS id_17
    MATCH (via:Resource {id: id_17})
    WITH *, $_c_12[via.id][0] AS above
    WHERE (coalesce(via:Activity, false) AND any(r_ IN [r_ IN [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k4)))
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_20:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE e_20.ctx IN $_contexts
    WITH *, $_relations[type(e_20)] AS relation
    WITH *, e_20.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_21:PART_OF]->(via)
    WHERE e_21.ctx IN $_contexts AND e_21.role = $_k5
    MATCH (section)-[e_22:HAS_SETTING]->(n)
    WHERE e_22.ctx IN $_contexts
    WITH *, $_relations[type(e_22)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k6)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k6 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k7 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_23
UNWIND rows_23[0..1] AS row_24
WITH n, row_24.around AS around, row_24.depth AS depth, row_24.via AS via, row_24.relation AS relation, row_24.role AS role
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_27:Facet) RETURN facet_27 } WHERE r_.ctx IN $_contexts] AS rows_26
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_26 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_26 WHERE r_.value IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.value_t IS NULL AND l_.value_t IS NULL THEN r_.value > l_.value WHEN r_.value_t IS NULL THEN true WHEN l_.value_t IS NULL THEN false WHEN r_.value_t <> l_.value_t THEN r_.value_t > l_.value_t WHEN r_.value_w <> l_.value_w THEN r_.value_w > l_.value_w WHEN r_.value_n <> l_.value_n THEN r_.value_n > l_.value_n ELSE r_.value > l_.value END THEN r_ ELSE l_ END)] | l_.value][0] AS col_value, reduce(m_ = null, r_ IN rows_26 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_29:Facet) RETURN facet_29 } WHERE r_.ctx IN $_contexts] AS rows_28
RETURN collect([col_id, col_name, CASE size(rows_28) WHEN 1 THEN rows_28[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_28 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END, CASE WHEN any(r_ IN rows_28 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_28 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_28 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_28 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_28 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_4)-[:FLOW]->() } AND (p_4.kind IN ['fin', 'input'] OR p_4.kind = 'made' AND EXISTS { (p_4)-[f_5:FLOW]->() WHERE f_5.ctx <> 0 AND f_5.ctx IN $_contexts }) RETURN p_4 ORDER BY p_4.kind = 'fin' DESC, p_4.kind = 'input' DESC, p_4.t DESC, p_4.w DESC, p_4.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_7:USED|WAS_INFORMED_BY]->() WHERE e_7.ctx IN $_contexts } OR EXISTS { (x)<-[e_8:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_8.ctx IN $_contexts } OR EXISTS { (x)-[e_9:PART_OF]-() WHERE e_9.ctx IN $_contexts AND e_9.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_10:FLOW WHERE r_10.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_11) AS id_12
MATCH (r:Resource {id: id_12})
WITH *, $_c_11[r.id][0] AS away
MATCH (next:Resource {id: $_c_11[r.id][1]})
WHERE NOT coalesce((coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND any(r_ IN [r_ IN [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_13:Facet) RETURN facet_13 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1))), false) AND NOT EXISTS {
  MATCH (r)-[e_14:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_14.ctx IN $_contexts
  RETURN 1
}
RETURN collect(DISTINCT r.id);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_11) AS id_12
MATCH (r:Resource {id: id_12})
WITH *, $_c_11[r.id][0] AS away
MATCH (next:Resource {id: $_c_11[r.id][1]})
WHERE NOT coalesce((coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND any(r_ IN [r_ IN [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_13:Facet) RETURN facet_13 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1))), false) AND NOT EXISTS {
  MATCH (r)-[e_14:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_14.ctx IN $_contexts
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_15
CALL (rows_15) {
  UNWIND rows_15 AS row_16
  WITH row_16.x AS x, row_16.r AS r, row_16.away AS away, row_16.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_17 AS id_18
  MATCH (n:Resource {id: id_18})
  WHERE (coalesce(n:Activity, false) AND any(r_ IN [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_19:Facet) RETURN facet_19 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k2))) AND $_c_11[n.id] IS NOT NULL
  WITH *, $_c_11[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_11[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
WITH n, depth, via, count(*) AS same_20
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_22:Facet) RETURN facet_22 } WHERE r_.ctx IN $_contexts] AS rows_21
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_21 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, CASE WHEN any(r_ IN rows_21 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_21 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_21 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END AS col_kind, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, reduce(m_ = null, r_ IN rows_21 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, n
ORDER BY col_kind IS NULL, col_kind DESC, col_started_at, col_depth, col_name, col_id, col_via
LIMIT $_limit
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_24:Facet) RETURN facet_24 } WHERE r_.ctx IN $_contexts] AS rows_23
RETURN collect([col_id, col_name, CASE size(rows_23) WHEN 1 THEN rows_23[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_23 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END, col_kind, col_depth, col_via, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_23 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_23 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

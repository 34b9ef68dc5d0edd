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
UNWIND keys($_c_4) AS id_5
MATCH (r:Resource {id: id_5})
WITH *, $_c_4[r.id][0] AS away
MATCH (next:Resource {id: $_c_4[r.id][1]})
WHERE NOT coalesce((coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND any(r_ IN [r_ IN [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1))), false) AND NOT EXISTS {
  MATCH (r)-[e_7:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_7.ctx IN $_contexts
  RETURN 1
}
RETURN collect(DISTINCT r.id);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_4) AS id_5
MATCH (r:Resource {id: id_5})
WITH *, $_c_4[r.id][0] AS away
MATCH (next:Resource {id: $_c_4[r.id][1]})
WHERE NOT coalesce((coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND any(r_ IN [r_ IN [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1))), false) AND NOT EXISTS {
  MATCH (r)-[e_7:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_7.ctx IN $_contexts
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_8
CALL (rows_8) {
  UNWIND rows_8 AS row_9
  WITH row_9.x AS x, row_9.r AS r, row_9.away AS away, row_9.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_10.of AS id_11
  MATCH (n:Resource {id: id_11})
  WHERE (coalesce(n:Activity, false) AND any(r_ IN [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_12:Facet) RETURN facet_12 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k2))) AND $_c_4[n.id] IS NOT NULL
  WITH *, $_c_4[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_4[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
WITH n, depth, via, count(*) AS same_13
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_15:Facet) RETURN facet_15 } WHERE r_.ctx IN $_contexts] AS rows_14
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_14 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, CASE WHEN any(r_ IN rows_14 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_14 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_14 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END AS col_kind, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, reduce(m_ = null, r_ IN rows_14 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, n
ORDER BY col_kind IS NULL, col_kind DESC, col_started_at, col_depth, col_name, col_id, col_via
LIMIT $_limit
WITH *, [r_ IN [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_17:Facet) RETURN facet_17 } WHERE r_.ctx IN $_contexts] AS rows_16
RETURN collect([col_id, col_name, CASE size(rows_16) WHEN 1 THEN rows_16[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_16 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END, col_kind, col_depth, col_via, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_16 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_16 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

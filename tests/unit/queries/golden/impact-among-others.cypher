MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE p_4.kind IN ['name', 'made'] RETURN p_4 } AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_8:Facet) RETURN facet_8 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_9:USED|WAS_INFORMED_BY]->() WHERE e_9.ctx IN $_contexts } OR EXISTS { (x)<-[e_10:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_10.ctx IN $_contexts } OR EXISTS { (x)-[e_11:PART_OF]-() WHERE e_11.ctx IN $_contexts AND e_11.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_12:FLOW WHERE r_12.ctx IN $_contexts]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND EXISTS { (h_5)-[f_7:FLOW]->() WHERE f_7.ctx <> 0 AND f_7.ctx IN $_contexts } RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_6) MATCH (o_6)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND EXISTS { (h_5)-[f_7:FLOW]->() WHERE f_7.ctx <> 0 AND f_7.ctx IN $_contexts } RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_13) AS id_14
MATCH (y:Resource {id: id_14})
WITH *, $_c_13[y.id][0] AS depth
MATCH (via:Resource {id: $_c_13[y.id][1]})
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_16:Facet) RETURN facet_16 } WHERE r_.ctx IN $_contexts] AS rows_15
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_15 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, CASE size(rows_15) WHEN 1 THEN rows_15[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_15 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, reduce(m_ = null, r_ IN rows_15 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } WHERE r_.ctx IN $_contexts] AS rows_17
RETURN collect([col_id, col_name, col_type, CASE WHEN any(r_ IN rows_17 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_17 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_17 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END, col_depth, col_via, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_17 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_17 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

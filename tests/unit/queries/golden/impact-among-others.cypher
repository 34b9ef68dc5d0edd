MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE p_1.kind IN ['name', 'made'] RETURN p_1 } AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_5:Facet) RETURN facet_5 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_6:USED|WAS_INFORMED_BY]->() WHERE e_6.ctx IN $_contexts } OR EXISTS { (x)<-[e_7:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_7.ctx IN $_contexts } OR EXISTS { (x)-[e_8:PART_OF]-() WHERE e_8.ctx IN $_contexts AND e_8.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_9:FLOW WHERE r_9.ctx IN $_contexts]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' AND EXISTS { (h_2)-[f_4:FLOW]->() WHERE f_4.ctx <> 0 AND f_4.ctx IN $_contexts } RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_3) MATCH (o_3)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' AND EXISTS { (h_2)-[f_4:FLOW]->() WHERE f_4.ctx <> 0 AND f_4.ctx IN $_contexts } RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
WITH collect(DISTINCT {x: x}) AS rows_4
CALL (rows_4) {
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  UNWIND keys($_c_6) AS id_7
  MATCH (y:Resource {id: id_7})
  WITH *, $_c_6[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_6[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE (coalesce(x:Feature, false) AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_8:Facet) RETURN facet_8 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1)))
  MATCH (d)-[e_9:HAS_FEATURE]->(x)
  WHERE e_9.ctx IN $_contexts
  WITH *, d AS y
  WITH *, $_k2 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE (coalesce(x:Feature, false) AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_10:Facet) RETURN facet_10 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k3)))
  MATCH (d)-[e_11:HAS_FEATURE]->(x)
  WHERE e_11.ctx IN $_contexts
  WITH DISTINCT d
  WITH d, ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_31:Facet) RETURN facet_31 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_32:USED|WAS_INFORMED_BY]->() WHERE e_32.ctx IN $_contexts } OR EXISTS { (d)<-[e_33:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_33.ctx IN $_contexts } OR EXISTS { (d)-[e_34:PART_OF]-() WHERE e_34.ctx IN $_contexts AND e_34.role = 'part' }) AS acting_13
  WITH collect(CASE WHEN acting_13 THEN d END) AS alone_14, collect(CASE WHEN NOT acting_13 THEN d END) AS quiet_15
  WITH [a_ IN alone_14 | {starts: [a_], itself: a_.id}] + [{starts: quiet_15}] AS groups_16
  CALL (groups_16) {
    UNWIND groups_16 AS group_17
    WITH group_17.itself AS itself_18, COLLECT { UNWIND group_17.starts AS d UNWIND [d] + COLLECT { MATCH (p_30:Phase)-[:PHASE_OF]->(d) WHERE p_30.kind IN ['name', 'made'] RETURN p_30 } AS n_25 RETURN DISTINCT n_25 } AS begin_19
    WITH itself_18, reduce(w_ = {behind: [], front: begin_19}, i_ IN range(1, CASE WHEN size(begin_19) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_25 MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE e_24.ctx IN $_contexts RETURN DISTINCT b_23 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_20
    CALL (walked_20) {
      UNWIND walked_20.front AS n_25
      CALL (n_25) {
        MATCH (n_25) (()<-[r_29:FLOW WHERE r_29.ctx IN $_contexts]-())* (deep_22)
        RETURN DISTINCT deep_22
      }
      RETURN collect(DISTINCT deep_22) AS rest_21
    }
    UNWIND walked_20.behind + rest_21 AS n_25
    WITH DISTINCT itself_18, n_25
    MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE e_24.ctx IN $_contexts AND e_24.step = 1 AND (itself_18 IS NULL OR coalesce(b_23.of, b_23.id) <> itself_18) AND CASE WHEN b_23.kind IS NULL THEN COLLECT { MATCH (b_23)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND EXISTS { (h_26)-[f_28:FLOW]->() WHERE f_28.ctx <> 0 AND f_28.ctx IN $_contexts } RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] IS NULL WHEN b_23.kind = 'made' THEN b_23.key = COLLECT { MATCH (b_23)-[:PHASE_OF]->(o_27) MATCH (o_27)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND EXISTS { (h_26)-[f_28:FLOW]->() WHERE f_28.ctx <> 0 AND f_28.ctx IN $_contexts } RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_23.of, b_23.id) AS id_12
  }
  WITH DISTINCT id_12
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_35
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_36
UNWIND rows_36[0..1] AS row_37
WITH y, row_37.depth AS depth, row_37.via AS via
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_40:Facet) RETURN facet_40 } WHERE r_.ctx IN $_contexts] AS rows_39
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_39 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, CASE size(rows_39) WHEN 1 THEN rows_39[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_39 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, reduce(m_ = null, r_ IN rows_39 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_42:Facet) RETURN facet_42 } WHERE r_.ctx IN $_contexts] AS rows_41
RETURN collect([col_id, col_name, col_type, CASE WHEN any(r_ IN rows_41 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_41 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_41 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END, col_depth, col_via, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_41 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_41 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_4:LOCATED_IN WHERE r_4.ctx IN $_contexts]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_5:ABOUT]->(y)
WHERE e_5.ctx IN $_contexts
WITH DISTINCT y, d
WITH collect({start: d, key: {y: y}}) AS rows_7
WITH rows_7, COUNT { UNWIND rows_7 AS row_8 RETURN DISTINCT row_8.key } < COUNT { UNWIND rows_7 AS row_8 RETURN DISTINCT row_8.start } AS fewer_12
UNWIND rows_7 AS row_8
WITH CASE WHEN fewer_12 THEN row_8.key ELSE row_8.start END AS group_13, collect(DISTINCT row_8.key) AS keys_10, collect(DISTINCT row_8.start) AS starts_11
CALL (starts_11) {
  UNWIND starts_11 AS d
  WITH d, ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_32:Facet) RETURN facet_32 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_33:USED|WAS_INFORMED_BY]->() WHERE e_33.ctx IN $_contexts } OR EXISTS { (d)<-[e_34:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_34.ctx IN $_contexts } OR EXISTS { (d)-[e_35:PART_OF]-() WHERE e_35.ctx IN $_contexts AND e_35.role = 'part' }) AS acting_14
  WITH collect(CASE WHEN acting_14 THEN d END) AS alone_15, collect(CASE WHEN NOT acting_14 THEN d END) AS quiet_16
  WITH [a_ IN alone_15 | {starts: [a_], itself: a_.id}] + [{starts: quiet_16}] AS groups_17
  CALL (groups_17) {
    UNWIND groups_17 AS group_18
    WITH group_18.itself AS itself_19, COLLECT { UNWIND group_18.starts AS d UNWIND [d] + COLLECT { MATCH (p_31:Phase)-[:PHASE_OF]->(d) WHERE p_31.kind IN ['name', 'made'] RETURN p_31 } AS n_26 RETURN DISTINCT n_26 } AS begin_20
    WITH itself_19, reduce(w_ = {behind: [], front: begin_20}, i_ IN range(1, CASE WHEN size(begin_20) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_26 MATCH (n_26)<-[e_25:FLOW]-(b_24) WHERE e_25.ctx IN $_contexts RETURN DISTINCT b_24 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_21
    CALL (walked_21) {
      UNWIND walked_21.front AS n_26
      CALL (n_26) {
        MATCH (n_26) (()<-[r_30:FLOW WHERE r_30.ctx IN $_contexts]-())* (deep_23)
        RETURN DISTINCT deep_23
      }
      RETURN collect(DISTINCT deep_23) AS rest_22
    }
    UNWIND walked_21.behind + rest_22 AS n_26
    WITH DISTINCT itself_19, n_26
    MATCH (n_26)<-[e_25:FLOW]-(b_24) WHERE e_25.ctx IN $_contexts AND e_25.step = 1 AND (itself_19 IS NULL OR coalesce(b_24.of, b_24.id) <> itself_19) AND CASE WHEN b_24.kind IS NULL THEN COLLECT { MATCH (b_24)<-[:PHASE_OF]-(h_27:Phase) WHERE h_27.kind = 'made' AND EXISTS { (h_27)-[f_29:FLOW]->() WHERE f_29.ctx <> 0 AND f_29.ctx IN $_contexts } RETURN h_27.key ORDER BY h_27.t DESC, h_27.w DESC, h_27.n DESC LIMIT 1 }[0] IS NULL WHEN b_24.kind = 'made' THEN b_24.key = COLLECT { MATCH (b_24)-[:PHASE_OF]->(o_28) MATCH (o_28)<-[:PHASE_OF]-(h_27:Phase) WHERE h_27.kind = 'made' AND EXISTS { (h_27)-[f_29:FLOW]->() WHERE f_29.ctx <> 0 AND f_29.ctx IN $_contexts } RETURN h_27.key ORDER BY h_27.t DESC, h_27.w DESC, h_27.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_24.of, b_24.id) AS id_6
  }
  RETURN DISTINCT id_6
}
UNWIND keys_10 AS key_9
WITH DISTINCT id_6, key_9.y AS y
MATCH (m:Resource {id: id_6})
WHERE (coalesce(m:Model|Checkpoint, false) AND any(r_ IN [r_ IN [m] + COLLECT { MATCH (m)<-[:FACET_OF]-(facet_36:Facet) RETURN facet_36 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1)))
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

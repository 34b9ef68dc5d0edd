MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_2:LOCATED_IN]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_3:ABOUT]->(y)
WITH DISTINCT y, d
WITH collect({start: d, key: {y: y}}) AS rows_5
WITH rows_5, COUNT { UNWIND rows_5 AS row_6 RETURN DISTINCT row_6.key } < COUNT { UNWIND rows_5 AS row_6 RETURN DISTINCT row_6.start } AS fewer_10
UNWIND rows_5 AS row_6
WITH CASE WHEN fewer_10 THEN row_6.key ELSE row_6.start END AS group_11, collect(DISTINCT row_6.key) AS keys_8, collect(DISTINCT row_6.start) AS starts_9
CALL (starts_9) {
  UNWIND starts_9 AS d
  WITH d, (d:Activity OR EXISTS { (d)-[e_29:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_30:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_31:PART_OF]-() WHERE e_31.role = 'part' }) AS acting_12
  WITH collect(CASE WHEN acting_12 THEN d END) AS alone_13, collect(CASE WHEN NOT acting_12 THEN d END) AS quiet_14
  WITH [a_ IN alone_13 | {starts: [a_], itself: a_.id}] + [{starts: quiet_14}] AS groups_15
  CALL (groups_15) {
    UNWIND groups_15 AS group_16
    WITH group_16.itself AS itself_17, COLLECT { UNWIND group_16.starts AS d UNWIND [d] + COLLECT { MATCH (p_28:Phase)-[:PHASE_OF]->(d) WHERE p_28.kind IN ['name', 'made'] RETURN p_28 } AS n_24 RETURN DISTINCT n_24 } AS begin_18
    WITH itself_17, reduce(w_ = {behind: [], front: begin_18}, i_ IN range(1, CASE WHEN size(begin_18) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_24 MATCH (n_24)<-[e_23:FLOW]-(b_22) RETURN DISTINCT b_22 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_19
    CALL (walked_19) {
      UNWIND walked_19.front AS n_24
      CALL (n_24) {
        MATCH (n_24) (()<-[r_27:FLOW]-())* (deep_21)
        RETURN DISTINCT deep_21
      }
      RETURN collect(DISTINCT deep_21) AS rest_20
    }
    UNWIND walked_19.behind + rest_20 AS n_24
    WITH DISTINCT itself_17, n_24
    MATCH (n_24)<-[e_23:FLOW]-(b_22) WHERE e_23.step = 1 AND (itself_17 IS NULL OR coalesce(b_22.of, b_22.id) <> itself_17) AND CASE WHEN b_22.kind IS NULL THEN COLLECT { MATCH (b_22)<-[:PHASE_OF]-(h_25:Phase) WHERE h_25.kind = 'made' RETURN h_25.key ORDER BY h_25.t DESC, h_25.w DESC, h_25.n DESC LIMIT 1 }[0] IS NULL WHEN b_22.kind = 'made' THEN b_22.key = COLLECT { MATCH (b_22)-[:PHASE_OF]->(o_26) MATCH (o_26)<-[:PHASE_OF]-(h_25:Phase) WHERE h_25.kind = 'made' RETURN h_25.key ORDER BY h_25.t DESC, h_25.w DESC, h_25.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_22.of, b_22.id) AS id_4
  }
  RETURN DISTINCT id_4
}
UNWIND keys_8 AS key_7
WITH DISTINCT id_4, key_7.y AS y
MATCH (m:Resource {id: id_4})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

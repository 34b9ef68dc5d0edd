MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_4:LOCATED_IN WHERE (r_4.t IS NULL OR r_4.t <= $_as_of)]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_5:ABOUT]->(y)
WHERE (e_5.t IS NULL OR e_5.t <= $_as_of)
WITH DISTINCT y, d
WITH collect({start: d, key: {y: y}}) AS rows_7
WITH rows_7, COUNT { UNWIND rows_7 AS row_8 RETURN DISTINCT row_8.key } < COUNT { UNWIND rows_7 AS row_8 RETURN DISTINCT row_8.start } AS fewer_12
UNWIND rows_7 AS row_8
WITH CASE WHEN fewer_12 THEN row_8.key ELSE row_8.start END AS group_13, collect(DISTINCT row_8.key) AS keys_10, collect(DISTINCT row_8.start) AS starts_11
CALL (starts_11) {
  UNWIND starts_11 AS d
  WITH d, (d:Activity OR EXISTS { (d)-[e_31:USED|WAS_INFORMED_BY]->() WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) } OR EXISTS { (d)<-[e_32:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_32.t IS NULL OR e_32.t <= $_as_of) } OR EXISTS { (d)-[e_33:PART_OF]-() WHERE (e_33.t IS NULL OR e_33.t <= $_as_of) AND e_33.role = 'part' }) AS acting_14
  WITH collect(CASE WHEN acting_14 THEN d END) AS alone_15, collect(CASE WHEN NOT acting_14 THEN d END) AS quiet_16
  WITH [a_ IN alone_15 | {starts: [a_], itself: a_.id}] + [{starts: quiet_16}] AS groups_17
  CALL (groups_17) {
    UNWIND groups_17 AS group_18
    WITH group_18.itself AS itself_19, COLLECT { UNWIND group_18.starts AS d UNWIND [d] + COLLECT { MATCH (p_30:Phase)-[:PHASE_OF]->(d) WHERE p_30.kind IN ['name', 'made'] RETURN p_30 } AS n_26 RETURN DISTINCT n_26 } AS begin_20
    WITH itself_19, reduce(w_ = {behind: [], front: begin_20}, i_ IN range(1, CASE WHEN size(begin_20) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_26 MATCH (n_26)<-[e_25:FLOW]-(b_24) WHERE (e_25.t IS NULL OR e_25.t <= $_as_of) RETURN DISTINCT b_24 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_21
    CALL (walked_21) {
      UNWIND walked_21.front AS n_26
      CALL (n_26) {
        MATCH (n_26) (()<-[r_29:FLOW WHERE (r_29.t IS NULL OR r_29.t <= $_as_of)]-())* (deep_23)
        RETURN DISTINCT deep_23
      }
      RETURN collect(DISTINCT deep_23) AS rest_22
    }
    UNWIND walked_21.behind + rest_22 AS n_26
    WITH DISTINCT itself_19, n_26
    MATCH (n_26)<-[e_25:FLOW]-(b_24) WHERE (e_25.t IS NULL OR e_25.t <= $_as_of) AND e_25.step = 1 AND (itself_19 IS NULL OR coalesce(b_24.of, b_24.id) <> itself_19) AND CASE WHEN b_24.kind IS NULL THEN COLLECT { MATCH (b_24)<-[:PHASE_OF]-(h_27:Phase) WHERE h_27.kind = 'made' AND (h_27.t >= 4611686018427387904 OR h_27.t <= $_as_of) RETURN h_27.key ORDER BY h_27.t DESC, h_27.w DESC, h_27.n DESC LIMIT 1 }[0] IS NULL WHEN b_24.kind = 'made' THEN b_24.key = COLLECT { MATCH (b_24)-[:PHASE_OF]->(o_28) MATCH (o_28)<-[:PHASE_OF]-(h_27:Phase) WHERE h_27.kind = 'made' AND (h_27.t >= 4611686018427387904 OR h_27.t <= $_as_of) RETURN h_27.key ORDER BY h_27.t DESC, h_27.w DESC, h_27.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_24.of, b_24.id) AS id_6
  }
  RETURN DISTINCT id_6
}
UNWIND keys_10 AS key_9
WITH DISTINCT id_6, key_9.y AS y
MATCH (m:Resource {id: id_6})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

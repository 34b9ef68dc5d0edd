MATCH (z:Resource {id: $thing})
WHERE (coalesce((z.started_at <= $_as_of OR z.name_t <= $_as_of), false) OR (z.ctx IS NOT NULL AND z.started_at IS NULL AND z.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [z] WHERE r_.ctx IS NOT NULL] AS row_5 MATCH (row_5)<-[:PAST_OF]-(past_6:Past) WHERE (past_6.t IS NULL OR past_6.t <= $_as_of) RETURN 1 } OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE (e_8.t IS NULL OR e_8.t <= $_as_of)
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE (coalesce((study.started_at <= $_as_of OR study.name_t <= $_as_of), false) OR (study.ctx IS NOT NULL AND study.started_at IS NULL AND study.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [study] WHERE r_.ctx IS NOT NULL] AS row_35 MATCH (row_35)<-[:PAST_OF]-(past_36:Past) WHERE (past_36.t IS NULL OR past_36.t <= $_as_of) RETURN 1 } OR EXISTS { (study)-[e_37:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_37.t IS NULL OR e_37.t <= $_as_of) })
RETURN collect(DISTINCT study.id);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
MATCH (d)-[e_4:ABOUT]->(x)
WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) AND $_avoided_9[d.id] IS NULL
WITH collect(DISTINCT {x: x, d: d}) AS rows_10
CALL (rows_10) {
  UNWIND rows_10 AS row_11
  WITH row_11.x AS x, row_11.d AS d
  WITH *, d AS y
  RETURN DISTINCT y AS y
  UNION
  UNWIND rows_10 AS row_11
  WITH row_11.x AS x, row_11.d AS d
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_31:USED|WAS_INFORMED_BY]->() WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) } OR EXISTS { (d)<-[e_32:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_32.t IS NULL OR e_32.t <= $_as_of) } OR EXISTS { (d)-[e_33:PART_OF]-() WHERE (e_33.t IS NULL OR e_33.t <= $_as_of) AND e_33.role = 'part' }) AS acting_13
  WITH collect(CASE WHEN acting_13 THEN d END) AS alone_14, collect(CASE WHEN NOT acting_13 THEN d END) AS quiet_15
  WITH [a_ IN alone_14 | {starts: [a_], itself: a_.id}] + [{starts: quiet_15}] AS groups_16
  CALL (groups_16) {
    UNWIND groups_16 AS group_17
    WITH group_17.itself AS itself_18, COLLECT { UNWIND group_17.starts AS d UNWIND [d] + COLLECT { MATCH (p_30:Phase)-[:PHASE_OF]->(d) WHERE p_30.kind IN ['name', 'made'] RETURN p_30 } AS n_25 RETURN DISTINCT n_25 } AS begin_19
    WITH itself_18, reduce(w_ = {behind: [], front: begin_19}, i_ IN range(1, CASE WHEN size(begin_19) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_25 MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE (e_24.t IS NULL OR e_24.t <= $_as_of) AND $_avoided_9[coalesce(b_23.of, b_23.id)] IS NULL RETURN DISTINCT b_23 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_20
    CALL (walked_20) {
      UNWIND walked_20.front AS n_25
      CALL (n_25) {
        MATCH (n_25) (()<-[r_28:FLOW WHERE (r_28.t IS NULL OR r_28.t <= $_as_of)]-(n_29 WHERE $_avoided_9[coalesce(n_29.of, n_29.id)] IS NULL))* (deep_22)
        RETURN DISTINCT deep_22
      }
      RETURN collect(DISTINCT deep_22) AS rest_21
    }
    UNWIND walked_20.behind + rest_21 AS n_25
    WITH DISTINCT itself_18, n_25
    MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE (e_24.t IS NULL OR e_24.t <= $_as_of) AND $_avoided_9[coalesce(b_23.of, b_23.id)] IS NULL AND e_24.step = 1 AND (itself_18 IS NULL OR coalesce(b_23.of, b_23.id) <> itself_18) AND CASE WHEN b_23.kind IS NULL THEN COLLECT { MATCH (b_23)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND (h_26.t >= 4611686018427387904 OR h_26.t <= $_as_of) RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] IS NULL WHEN b_23.kind = 'made' THEN b_23.key = COLLECT { MATCH (b_23)-[:PHASE_OF]->(o_27) MATCH (o_27)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND (h_26.t >= 4611686018427387904 OR h_26.t <= $_as_of) RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_23.of, b_23.id) AS id_12
  }
  WITH DISTINCT id_12
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_34
WHERE $_avoided_38[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  CALL (y) {
    MATCH (y) (()-[r_41:PART_OF WHERE (r_41.t IS NULL OR r_41.t <= $_as_of)]->(n_42 WHERE $_avoided_38[coalesce(n_42.of, n_42.id)] IS NULL))* (a_39)
    RETURN DISTINCT a_39
  }
  MATCH (a_39)-[e_40:PART_OF]->(whole) WHERE (e_40.t IS NULL OR e_40.t <= $_as_of) AND $_avoided_38[coalesce(whole.of, whole.id)] IS NULL
  RETURN DISTINCT whole
}
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

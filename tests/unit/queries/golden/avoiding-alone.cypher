MATCH (z:Resource {id: $thing})
WHERE (z.ctx IS NOT NULL OR EXISTS { (z)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
MATCH (bad)-[e_4:EXCLUDED]->(z)
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE (study.ctx IS NOT NULL OR EXISTS { (study)-[e_31:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
RETURN collect(DISTINCT study.id);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
MATCH (d)-[e_2:ABOUT]->(x)
WHERE $_avoided_5[d.id] IS NULL
WITH collect(DISTINCT {x: x, d: d}) AS rows_6
CALL (rows_6) {
  UNWIND rows_6 AS row_7
  WITH row_7.x AS x, row_7.d AS d
  WITH *, d AS y
  RETURN DISTINCT y AS y
  UNION
  UNWIND rows_6 AS row_7
  WITH row_7.x AS x, row_7.d AS d
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_27:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_28:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_29:PART_OF]-() WHERE e_29.role = 'part' }) AS acting_9
  WITH collect(CASE WHEN acting_9 THEN d END) AS alone_10, collect(CASE WHEN NOT acting_9 THEN d END) AS quiet_11
  WITH [a_ IN alone_10 | {starts: [a_], itself: a_.id}] + [{starts: quiet_11}] AS groups_12
  CALL (groups_12) {
    UNWIND groups_12 AS group_13
    WITH group_13.itself AS itself_14, COLLECT { UNWIND group_13.starts AS d UNWIND [d] + COLLECT { MATCH (p_26:Phase)-[:PHASE_OF]->(d) WHERE p_26.kind IN ['name', 'made'] RETURN p_26 } AS n_21 RETURN DISTINCT n_21 } AS begin_15
    WITH itself_14, reduce(w_ = {behind: [], front: begin_15}, i_ IN range(1, CASE WHEN size(begin_15) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_21 MATCH (n_21)<-[e_20:FLOW]-(b_19) WHERE $_avoided_5[coalesce(b_19.of, b_19.id)] IS NULL RETURN DISTINCT b_19 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_16
    CALL (walked_16) {
      UNWIND walked_16.front AS n_21
      CALL (n_21) {
        MATCH (n_21) (()<-[r_24:FLOW]-(n_25 WHERE $_avoided_5[coalesce(n_25.of, n_25.id)] IS NULL))* (deep_18)
        RETURN DISTINCT deep_18
      }
      RETURN collect(DISTINCT deep_18) AS rest_17
    }
    UNWIND walked_16.behind + rest_17 AS n_21
    WITH DISTINCT itself_14, n_21
    MATCH (n_21)<-[e_20:FLOW]-(b_19) WHERE $_avoided_5[coalesce(b_19.of, b_19.id)] IS NULL AND e_20.step = 1 AND (itself_14 IS NULL OR coalesce(b_19.of, b_19.id) <> itself_14) AND CASE WHEN b_19.kind IS NULL THEN COLLECT { MATCH (b_19)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] IS NULL WHEN b_19.kind = 'made' THEN b_19.key = COLLECT { MATCH (b_19)-[:PHASE_OF]->(o_23) MATCH (o_23)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_19.of, b_19.id) AS id_8
  }
  WITH DISTINCT id_8
  MATCH (y:Resource {id: id_8})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_30
WHERE $_avoided_32[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  CALL (y) {
    MATCH (y) (()-[r_35:PART_OF]->(n_36 WHERE $_avoided_32[coalesce(n_36.of, n_36.id)] IS NULL))* (a_33)
    RETURN DISTINCT a_33
  }
  MATCH (a_33)-[e_34:PART_OF]->(whole) WHERE $_avoided_32[coalesce(whole.of, whole.id)] IS NULL
  RETURN DISTINCT whole
}
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

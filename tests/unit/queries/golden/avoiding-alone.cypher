MATCH (z:Resource {id: $thing})
WHERE (z.ctx IS NOT NULL OR EXISTS { (z)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
MATCH (bad)-[e_4:EXCLUDED]->(z)
RETURN collect(DISTINCT bad.id);

MATCH (study:Study)
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
  CALL (d) {
    UNWIND [d] + COLLECT { MATCH (p_18:Phase)-[:PHASE_OF]->(d) WHERE p_18.kind IN ['name', 'made'] RETURN p_18 } AS s_9
    CALL (s_9) {
      MATCH (s_9) (()<-[r_19:FLOW]-(n_20 WHERE $_avoided_5[coalesce(n_20.of, n_20.id)] IS NULL))* (a_10)
      RETURN DISTINCT a_10
    }
    WITH DISTINCT a_10
    MATCH (a_10)<-[e_11:FLOW]-(b_12) WHERE $_avoided_5[coalesce(b_12.of, b_12.id)] IS NULL AND e_11.step = 1 AND (coalesce(b_12.of, b_12.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_13:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_14:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_15:PART_OF]-() WHERE e_15.role = 'part' })) AND CASE WHEN b_12.kind IS NULL THEN COLLECT { MATCH (b_12)<-[:PHASE_OF]-(h_16:Phase) WHERE h_16.kind = 'made' RETURN h_16.key ORDER BY h_16.t DESC, h_16.w DESC, h_16.n DESC LIMIT 1 }[0] IS NULL WHEN b_12.kind = 'made' THEN b_12.key = COLLECT { MATCH (b_12)-[:PHASE_OF]->(o_17) MATCH (o_17)<-[:PHASE_OF]-(h_16:Phase) WHERE h_16.kind = 'made' RETURN h_16.key ORDER BY h_16.t DESC, h_16.w DESC, h_16.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_12.of, b_12.id) AS id_8
  }
  MATCH (y:Resource {id: id_8})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_21
WHERE $_avoided_22[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_24
  CALL (s_24) {
    MATCH (s_24) (()-[r_28:PART_OF]->(n_29 WHERE $_avoided_22[coalesce(n_29.of, n_29.id)] IS NULL))* (a_25)
    RETURN DISTINCT a_25
  }
  WITH DISTINCT a_25
  MATCH (a_25)-[e_26:PART_OF]->(b_27) WHERE $_avoided_22[coalesce(b_27.of, b_27.id)] IS NULL
  RETURN DISTINCT coalesce(b_27.of, b_27.id) AS id_23
}
MATCH (whole:Resource {id: id_23})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

MATCH (z:Resource {id: $thing})
WHERE (coalesce((z.started_at <= $_as_of OR z.name_t <= $_as_of), false) OR (z.ctx IS NOT NULL AND z.started_at IS NULL AND z.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [z] WHERE r_.ctx IS NOT NULL] AS row_5 MATCH (row_5)<-[:PAST_OF]-(past_6:Past) WHERE (past_6.t IS NULL OR past_6.t <= $_as_of) RETURN 1 } OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE (e_8.t IS NULL OR e_8.t <= $_as_of)
RETURN collect(DISTINCT bad.id);

MATCH (study:Study)
WHERE (coalesce((study.started_at <= $_as_of OR study.name_t <= $_as_of), false) OR (study.ctx IS NOT NULL AND study.started_at IS NULL AND study.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [study] WHERE r_.ctx IS NOT NULL] AS row_26 MATCH (row_26)<-[:PAST_OF]-(past_27:Past) WHERE (past_27.t IS NULL OR past_27.t <= $_as_of) RETURN 1 } OR EXISTS { (study)-[e_28:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_28.t IS NULL OR e_28.t <= $_as_of) })
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
  CALL (d) {
    UNWIND [d] + COLLECT { MATCH (p_22:Phase)-[:PHASE_OF]->(d) WHERE p_22.kind IN ['name', 'made'] RETURN p_22 } AS s_13
    CALL (s_13) {
      MATCH (s_13) (()<-[r_23:FLOW WHERE (r_23.t IS NULL OR r_23.t <= $_as_of)]-(n_24 WHERE $_avoided_9[coalesce(n_24.of, n_24.id)] IS NULL))* (a_14)
      RETURN DISTINCT a_14
    }
    WITH DISTINCT a_14
    MATCH (a_14)<-[e_15:FLOW]-(b_16) WHERE (e_15.t IS NULL OR e_15.t <= $_as_of) AND $_avoided_9[coalesce(b_16.of, b_16.id)] IS NULL AND e_15.step = 1 AND (coalesce(b_16.of, b_16.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_17:USED|WAS_INFORMED_BY]->() WHERE (e_17.t IS NULL OR e_17.t <= $_as_of) } OR EXISTS { (d)<-[e_18:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_18.t IS NULL OR e_18.t <= $_as_of) } OR EXISTS { (d)-[e_19:PART_OF]-() WHERE (e_19.t IS NULL OR e_19.t <= $_as_of) AND e_19.role = 'part' })) AND CASE WHEN b_16.kind IS NULL THEN COLLECT { MATCH (b_16)<-[:PHASE_OF]-(h_20:Phase) WHERE h_20.kind = 'made' AND (h_20.t >= 4611686018427387904 OR h_20.t <= $_as_of) RETURN h_20.key ORDER BY h_20.t DESC, h_20.w DESC, h_20.n DESC LIMIT 1 }[0] IS NULL WHEN b_16.kind = 'made' THEN b_16.key = COLLECT { MATCH (b_16)-[:PHASE_OF]->(o_21) MATCH (o_21)<-[:PHASE_OF]-(h_20:Phase) WHERE h_20.kind = 'made' AND (h_20.t >= 4611686018427387904 OR h_20.t <= $_as_of) RETURN h_20.key ORDER BY h_20.t DESC, h_20.w DESC, h_20.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_16.of, b_16.id) AS id_12
  }
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_25
WHERE $_avoided_29[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_31
  CALL (s_31) {
    MATCH (s_31) (()-[r_35:PART_OF WHERE (r_35.t IS NULL OR r_35.t <= $_as_of)]->(n_36 WHERE $_avoided_29[coalesce(n_36.of, n_36.id)] IS NULL))* (a_32)
    RETURN DISTINCT a_32
  }
  WITH DISTINCT a_32
  MATCH (a_32)-[e_33:PART_OF]->(b_34) WHERE (e_33.t IS NULL OR e_33.t <= $_as_of) AND $_avoided_29[coalesce(b_34.of, b_34.id)] IS NULL
  RETURN DISTINCT coalesce(b_34.of, b_34.id) AS id_30
}
MATCH (whole:Resource {id: id_30})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

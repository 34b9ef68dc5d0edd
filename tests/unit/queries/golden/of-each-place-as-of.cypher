MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
WITH collect(DISTINCT {x: x}) AS rows_4
CALL (rows_4) {
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *, x AS y
  RETURN DISTINCT y AS y
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH DISTINCT x
  CALL (x) {
    UNWIND [x] AS s_7
    CALL (s_7) {
      MATCH (s_7) (()<-[r_11:LOCATED_IN WHERE (r_11.t IS NULL OR r_11.t <= $_as_of)]-())* (a_8)
      RETURN DISTINCT a_8
    }
    WITH DISTINCT a_8
    MATCH (a_8)<-[e_9:LOCATED_IN]-(b_10) WHERE (e_9.t IS NULL OR e_9.t <= $_as_of)
    RETURN DISTINCT coalesce(b_10.of, b_10.id) AS id_6
  }
  MATCH (y:Resource {id: id_6})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_12
MATCH (d)-[e_13:ABOUT]->(y)
WHERE (e_13.t IS NULL OR e_13.t <= $_as_of)
WITH DISTINCT y, d
WITH d, collect({y: y}) AS rows_26
CALL (d) {
  UNWIND [d] + COLLECT { MATCH (p_24:Phase)-[:PHASE_OF]->(d) WHERE p_24.kind IN ['name', 'made'] RETURN p_24 } AS s_15
  CALL (s_15) {
    MATCH (s_15) (()<-[r_25:FLOW WHERE (r_25.t IS NULL OR r_25.t <= $_as_of)]-())* (a_16)
    RETURN DISTINCT a_16
  }
  WITH DISTINCT a_16
  MATCH (a_16)<-[e_17:FLOW]-(b_18) WHERE (e_17.t IS NULL OR e_17.t <= $_as_of) AND e_17.step = 1 AND (coalesce(b_18.of, b_18.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_19:USED|WAS_INFORMED_BY]->() WHERE (e_19.t IS NULL OR e_19.t <= $_as_of) } OR EXISTS { (d)<-[e_20:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_20.t IS NULL OR e_20.t <= $_as_of) } OR EXISTS { (d)-[e_21:PART_OF]-() WHERE (e_21.t IS NULL OR e_21.t <= $_as_of) AND e_21.role = 'part' })) AND CASE WHEN b_18.kind IS NULL THEN COLLECT { MATCH (b_18)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' AND (h_22.t >= 4611686018427387904 OR h_22.t <= $_as_of) RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] IS NULL WHEN b_18.kind = 'made' THEN b_18.key = COLLECT { MATCH (b_18)-[:PHASE_OF]->(o_23) MATCH (o_23)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' AND (h_22.t >= 4611686018427387904 OR h_22.t <= $_as_of) RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] ELSE true END
  RETURN DISTINCT coalesce(b_18.of, b_18.id) AS id_14
}
UNWIND rows_26 AS row_27
WITH d, id_14, row_27.y AS y
MATCH (m:Resource {id: id_14})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

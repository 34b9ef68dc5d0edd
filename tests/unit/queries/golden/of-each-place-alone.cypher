MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
WITH collect(DISTINCT {x: x}) AS rows_2
CALL (rows_2) {
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH *, x AS y
  RETURN DISTINCT y AS y
  UNION
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH DISTINCT x
  CALL (x) {
    UNWIND [x] AS s_5
    CALL (s_5) {
      MATCH (s_5) (()<-[r_9:LOCATED_IN]-())* (a_6)
      RETURN DISTINCT a_6
    }
    WITH DISTINCT a_6
    MATCH (a_6)<-[e_7:LOCATED_IN]-(b_8)
    RETURN DISTINCT coalesce(b_8.of, b_8.id) AS id_4
  }
  MATCH (y:Resource {id: id_4})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_10
MATCH (d)-[e_11:ABOUT]->(y)
WITH DISTINCT y, d
WITH d, collect({y: y}) AS rows_24
CALL (d) {
  UNWIND [d] + COLLECT { MATCH (p_22:Phase)-[:PHASE_OF]->(d) WHERE p_22.kind IN ['name', 'made'] RETURN p_22 } AS s_13
  CALL (s_13) {
    MATCH (s_13) (()<-[r_23:FLOW]-())* (a_14)
    RETURN DISTINCT a_14
  }
  WITH DISTINCT a_14
  MATCH (a_14)<-[e_15:FLOW]-(b_16) WHERE e_15.step = 1 AND (coalesce(b_16.of, b_16.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_17:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_18:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_19:PART_OF]-() WHERE e_19.role = 'part' })) AND CASE WHEN b_16.kind IS NULL THEN COLLECT { MATCH (b_16)<-[:PHASE_OF]-(h_20:Phase) WHERE h_20.kind = 'made' RETURN h_20.key ORDER BY h_20.t DESC, h_20.w DESC, h_20.n DESC LIMIT 1 }[0] IS NULL WHEN b_16.kind = 'made' THEN b_16.key = COLLECT { MATCH (b_16)-[:PHASE_OF]->(o_21) MATCH (o_21)<-[:PHASE_OF]-(h_20:Phase) WHERE h_20.kind = 'made' RETURN h_20.key ORDER BY h_20.t DESC, h_20.w DESC, h_20.n DESC LIMIT 1 }[0] ELSE true END
  RETURN DISTINCT coalesce(b_16.of, b_16.id) AS id_12
}
UNWIND rows_24 AS row_25
WITH d, id_12, row_25.y AS y
MATCH (m:Resource {id: id_12})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
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
      MATCH (s_7) (()<-[r_11:LOCATED_IN WHERE r_11.ctx IN $_contexts]-())* (a_8)
      RETURN DISTINCT a_8
    }
    WITH DISTINCT a_8
    MATCH (a_8)<-[e_9:LOCATED_IN]-(b_10) WHERE e_9.ctx IN $_contexts
    RETURN DISTINCT coalesce(b_10.of, b_10.id) AS id_6
  }
  MATCH (y:Resource {id: id_6})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_12
MATCH (d)-[e_13:ABOUT]->(y)
WHERE e_13.ctx IN $_contexts
WITH DISTINCT y, d
WITH d, collect({y: y}) AS rows_28
CALL (d) {
  UNWIND [d] + COLLECT { MATCH (p_26:Phase)-[:PHASE_OF]->(d) WHERE p_26.kind IN ['name', 'made'] RETURN p_26 } AS s_15
  CALL (s_15) {
    MATCH (s_15) (()<-[r_27:FLOW WHERE r_27.ctx IN $_contexts]-())* (a_16)
    RETURN DISTINCT a_16
  }
  WITH DISTINCT a_16
  MATCH (a_16)<-[e_17:FLOW]-(b_18) WHERE e_17.ctx IN $_contexts AND e_17.step = 1 AND (coalesce(b_18.of, b_18.id) <> d.id OR NOT ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_19:Facet) RETURN facet_19 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_20:USED|WAS_INFORMED_BY]->() WHERE e_20.ctx IN $_contexts } OR EXISTS { (d)<-[e_21:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_21.ctx IN $_contexts } OR EXISTS { (d)-[e_22:PART_OF]-() WHERE e_22.ctx IN $_contexts AND e_22.role = 'part' })) AND CASE WHEN b_18.kind IS NULL THEN COLLECT { MATCH (b_18)<-[:PHASE_OF]-(h_23:Phase) WHERE h_23.kind = 'made' AND EXISTS { (h_23)-[f_25:FLOW]->() WHERE f_25.ctx <> 0 AND f_25.ctx IN $_contexts } RETURN h_23.key ORDER BY h_23.t DESC, h_23.w DESC, h_23.n DESC LIMIT 1 }[0] IS NULL WHEN b_18.kind = 'made' THEN b_18.key = COLLECT { MATCH (b_18)-[:PHASE_OF]->(o_24) MATCH (o_24)<-[:PHASE_OF]-(h_23:Phase) WHERE h_23.kind = 'made' AND EXISTS { (h_23)-[f_25:FLOW]->() WHERE f_25.ctx <> 0 AND f_25.ctx IN $_contexts } RETURN h_23.key ORDER BY h_23.t DESC, h_23.w DESC, h_23.n DESC LIMIT 1 }[0] ELSE true END
  RETURN DISTINCT coalesce(b_18.of, b_18.id) AS id_14
}
UNWIND rows_28 AS row_29
WITH d, id_14, row_29.y AS y
MATCH (m:Resource {id: id_14})
WHERE (coalesce(m:Model|Checkpoint, false) AND any(r_ IN [r_ IN [m] + COLLECT { MATCH (m)<-[:FACET_OF]-(facet_30:Facet) RETURN facet_30 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1)))
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

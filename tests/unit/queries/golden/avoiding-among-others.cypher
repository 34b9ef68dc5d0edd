MATCH (z:Resource {id: $thing})
WHERE ([rows_5 IN [[r_ IN [z] + COLLECT { MATCH (z)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts]] | size(rows_5) > 0][0] OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_7.ctx IN $_contexts })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE e_8.ctx IN $_contexts
RETURN collect(DISTINCT bad.id);

MATCH (study:Study)
WHERE any(r_ IN [r_ IN [study] + COLLECT { MATCH (study)<-[:FACET_OF]-(facet_28:Facet) RETURN facet_28 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1))
RETURN collect(DISTINCT study.id);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
MATCH (d)-[e_4:ABOUT]->(x)
WHERE e_4.ctx IN $_contexts AND $_avoided_9[d.id] IS NULL
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
    UNWIND [d] + COLLECT { MATCH (p_24:Phase)-[:PHASE_OF]->(d) WHERE p_24.kind IN ['name', 'made'] RETURN p_24 } AS s_13
    CALL (s_13) {
      MATCH (s_13) (()<-[r_25:FLOW WHERE r_25.ctx IN $_contexts]-(n_26 WHERE $_avoided_9[coalesce(n_26.of, n_26.id)] IS NULL))* (a_14)
      RETURN DISTINCT a_14
    }
    WITH DISTINCT a_14
    MATCH (a_14)<-[e_15:FLOW]-(b_16) WHERE e_15.ctx IN $_contexts AND $_avoided_9[coalesce(b_16.of, b_16.id)] IS NULL AND e_15.step = 1 AND (coalesce(b_16.of, b_16.id) <> d.id OR NOT ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_17:Facet) RETURN facet_17 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_18:USED|WAS_INFORMED_BY]->() WHERE e_18.ctx IN $_contexts } OR EXISTS { (d)<-[e_19:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_19.ctx IN $_contexts } OR EXISTS { (d)-[e_20:PART_OF]-() WHERE e_20.ctx IN $_contexts AND e_20.role = 'part' })) AND CASE WHEN b_16.kind IS NULL THEN COLLECT { MATCH (b_16)<-[:PHASE_OF]-(h_21:Phase) WHERE h_21.kind = 'made' AND EXISTS { (h_21)-[f_23:FLOW]->() WHERE f_23.ctx <> 0 AND f_23.ctx IN $_contexts } RETURN h_21.key ORDER BY h_21.t DESC, h_21.w DESC, h_21.n DESC LIMIT 1 }[0] IS NULL WHEN b_16.kind = 'made' THEN b_16.key = COLLECT { MATCH (b_16)-[:PHASE_OF]->(o_22) MATCH (o_22)<-[:PHASE_OF]-(h_21:Phase) WHERE h_21.kind = 'made' AND EXISTS { (h_21)-[f_23:FLOW]->() WHERE f_23.ctx <> 0 AND f_23.ctx IN $_contexts } RETURN h_21.key ORDER BY h_21.t DESC, h_21.w DESC, h_21.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_16.of, b_16.id) AS id_12
  }
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_27
WHERE $_avoided_29[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_31
  CALL (s_31) {
    MATCH (s_31) (()-[r_35:PART_OF WHERE r_35.ctx IN $_contexts]->(n_36 WHERE $_avoided_29[coalesce(n_36.of, n_36.id)] IS NULL))* (a_32)
    RETURN DISTINCT a_32
  }
  WITH DISTINCT a_32
  MATCH (a_32)-[e_33:PART_OF]->(b_34) WHERE e_33.ctx IN $_contexts AND $_avoided_29[coalesce(b_34.of, b_34.id)] IS NULL
  RETURN DISTINCT coalesce(b_34.of, b_34.id) AS id_30
}
MATCH (whole:Resource {id: id_30})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

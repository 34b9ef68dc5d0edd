MATCH (z:Resource {id: $thing})
WHERE ([rows_5 IN [[r_ IN [z] + COLLECT { MATCH (z)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts]] | size(rows_5) > 0][0] OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_7.ctx IN $_contexts })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE e_8.ctx IN $_contexts
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE ([rows_37 IN [[r_ IN [study] + COLLECT { MATCH (study)<-[:FACET_OF]-(facet_38:Facet) RETURN facet_38 } WHERE r_.ctx IN $_contexts]] | size(rows_37) > 0][0] OR EXISTS { (study)-[e_39:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_39.ctx IN $_contexts })
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
  WITH d, ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_32:Facet) RETURN facet_32 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_33:USED|WAS_INFORMED_BY]->() WHERE e_33.ctx IN $_contexts } OR EXISTS { (d)<-[e_34:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_34.ctx IN $_contexts } OR EXISTS { (d)-[e_35:PART_OF]-() WHERE e_35.ctx IN $_contexts AND e_35.role = 'part' }) AS acting_13
  WITH collect(CASE WHEN acting_13 THEN d END) AS alone_14, collect(CASE WHEN NOT acting_13 THEN d END) AS quiet_15
  WITH [a_ IN alone_14 | {starts: [a_], itself: a_.id}] + [{starts: quiet_15}] AS groups_16
  CALL (groups_16) {
    UNWIND groups_16 AS group_17
    WITH group_17.itself AS itself_18, COLLECT { UNWIND group_17.starts AS d UNWIND [d] + COLLECT { MATCH (p_31:Phase)-[:PHASE_OF]->(d) WHERE p_31.kind IN ['name', 'made'] RETURN p_31 } AS n_25 RETURN DISTINCT n_25 } AS begin_19
    WITH itself_18, reduce(w_ = {behind: [], front: begin_19}, i_ IN range(1, CASE WHEN size(begin_19) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_25 MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE e_24.ctx IN $_contexts AND $_avoided_9[coalesce(b_23.of, b_23.id)] IS NULL RETURN DISTINCT b_23 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_20
    CALL (walked_20) {
      UNWIND walked_20.front AS n_25
      CALL (n_25) {
        MATCH (n_25) (()<-[r_29:FLOW WHERE r_29.ctx IN $_contexts]-(n_30 WHERE $_avoided_9[coalesce(n_30.of, n_30.id)] IS NULL))* (deep_22)
        RETURN DISTINCT deep_22
      }
      RETURN collect(DISTINCT deep_22) AS rest_21
    }
    UNWIND walked_20.behind + rest_21 AS n_25
    WITH DISTINCT itself_18, n_25
    MATCH (n_25)<-[e_24:FLOW]-(b_23) WHERE e_24.ctx IN $_contexts AND $_avoided_9[coalesce(b_23.of, b_23.id)] IS NULL AND e_24.step = 1 AND (itself_18 IS NULL OR coalesce(b_23.of, b_23.id) <> itself_18) AND CASE WHEN b_23.kind IS NULL THEN COLLECT { MATCH (b_23)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND EXISTS { (h_26)-[f_28:FLOW]->() WHERE f_28.ctx <> 0 AND f_28.ctx IN $_contexts } RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] IS NULL WHEN b_23.kind = 'made' THEN b_23.key = COLLECT { MATCH (b_23)-[:PHASE_OF]->(o_27) MATCH (o_27)<-[:PHASE_OF]-(h_26:Phase) WHERE h_26.kind = 'made' AND EXISTS { (h_26)-[f_28:FLOW]->() WHERE f_28.ctx <> 0 AND f_28.ctx IN $_contexts } RETURN h_26.key ORDER BY h_26.t DESC, h_26.w DESC, h_26.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_23.of, b_23.id) AS id_12
  }
  WITH DISTINCT id_12
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_36
WHERE $_avoided_40[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  CALL (y) {
    MATCH (y) (()-[r_43:PART_OF WHERE r_43.ctx IN $_contexts]->(n_44 WHERE $_avoided_40[coalesce(n_44.of, n_44.id)] IS NULL))* (a_41)
    RETURN DISTINCT a_41
  }
  MATCH (a_41)-[e_42:PART_OF]->(whole) WHERE e_42.ctx IN $_contexts AND $_avoided_40[coalesce(whole.of, whole.id)] IS NULL
  RETURN DISTINCT whole
}
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

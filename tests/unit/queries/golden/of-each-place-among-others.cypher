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
WITH collect({start: d, key: {y: y}}) AS rows_28
WITH rows_28, COUNT { UNWIND rows_28 AS row_29 RETURN DISTINCT row_29.key } < COUNT { UNWIND rows_28 AS row_29 RETURN DISTINCT row_29.start } AS fewer_33
UNWIND rows_28 AS row_29
WITH CASE WHEN fewer_33 THEN row_29.key ELSE row_29.start END AS group_34, collect(DISTINCT row_29.key) AS keys_31, collect(DISTINCT row_29.start) AS starts_32
CALL (starts_32) {
  UNWIND starts_32 AS d
  WITH d, ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_80:Facet) RETURN facet_80 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_81:USED|WAS_INFORMED_BY]->() WHERE e_81.ctx IN $_contexts } OR EXISTS { (d)<-[e_82:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_82.ctx IN $_contexts } OR EXISTS { (d)-[e_83:PART_OF]-() WHERE e_83.ctx IN $_contexts AND e_83.role = 'part' }) AS acting_35
  WITH collect(CASE WHEN acting_35 THEN d END) AS alone_36, collect(CASE WHEN NOT acting_35 THEN d END) AS quiet_37
  WITH CASE WHEN size(quiet_37) > 4 THEN alone_36 ELSE alone_36 + quiet_37 END AS few_38, CASE WHEN size(quiet_37) > 4 THEN quiet_37 ELSE [] END AS many_39
  CALL (few_38, many_39) {
    UNWIND few_38 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_78:Phase)-[:PHASE_OF]->(d) WHERE p_78.kind IN ['name', 'made'] RETURN p_78 } AS s_67
      CALL (s_67) {
        MATCH (s_67) (()<-[r_79:FLOW WHERE r_79.ctx IN $_contexts]-())* (a_68)
        RETURN DISTINCT a_68
      }
      WITH DISTINCT a_68
      MATCH (a_68)<-[e_69:FLOW]-(b_70) WHERE e_69.ctx IN $_contexts AND e_69.step = 1 AND (coalesce(b_70.of, b_70.id) <> d.id OR NOT ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_71:Facet) RETURN facet_71 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_72:USED|WAS_INFORMED_BY]->() WHERE e_72.ctx IN $_contexts } OR EXISTS { (d)<-[e_73:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_73.ctx IN $_contexts } OR EXISTS { (d)-[e_74:PART_OF]-() WHERE e_74.ctx IN $_contexts AND e_74.role = 'part' })) AND CASE WHEN b_70.kind IS NULL THEN COLLECT { MATCH (b_70)<-[:PHASE_OF]-(h_75:Phase) WHERE h_75.kind = 'made' AND EXISTS { (h_75)-[f_77:FLOW]->() WHERE f_77.ctx <> 0 AND f_77.ctx IN $_contexts } RETURN h_75.key ORDER BY h_75.t DESC, h_75.w DESC, h_75.n DESC LIMIT 1 }[0] IS NULL WHEN b_70.kind = 'made' THEN b_70.key = COLLECT { MATCH (b_70)-[:PHASE_OF]->(o_76) MATCH (o_76)<-[:PHASE_OF]-(h_75:Phase) WHERE h_75.kind = 'made' AND EXISTS { (h_75)-[f_77:FLOW]->() WHERE f_77.ctx <> 0 AND f_77.ctx IN $_contexts } RETURN h_75.key ORDER BY h_75.t DESC, h_75.w DESC, h_75.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_70.of, b_70.id) AS id_14
    }
    RETURN DISTINCT id_14
    UNION
    UNWIND many_39 AS d
    UNWIND [d] + COLLECT { MATCH (p_60:Phase)-[:PHASE_OF]->(d) WHERE p_60.kind IN ['name', 'made'] RETURN p_60 } AS n_42
    WITH collect(DISTINCT n_42) AS level_43
    CALL (level_43) {
      UNWIND level_43 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_52
    }
    CALL (level_52) {
      UNWIND level_52 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_53
    }
    CALL (level_53) {
      UNWIND level_53 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_54
    }
    CALL (level_54) {
      UNWIND level_54 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_55
    }
    CALL (level_55) {
      UNWIND level_55 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_56
    }
    CALL (level_56) {
      UNWIND level_56 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_57
    }
    CALL (level_57) {
      UNWIND level_57 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_58
    }
    CALL (level_58) {
      UNWIND level_58 AS n_42
      MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts
      RETURN collect(DISTINCT b_40) AS level_59
    }
    CALL (level_59) {
      UNWIND level_59 AS n_42
      CALL (n_42) {
        MATCH (n_42) (()<-[r_63:FLOW WHERE r_63.ctx IN $_contexts]-())* (deep_62)
        RETURN DISTINCT deep_62
      }
      RETURN collect(DISTINCT deep_62) AS rest_61
    }
    UNWIND level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + level_51 + level_52 + level_53 + level_54 + level_55 + level_56 + level_57 + level_58 + rest_61 AS n_42
    WITH DISTINCT n_42
    MATCH (n_42)<-[e_41:FLOW]-(b_40) WHERE e_41.ctx IN $_contexts AND e_41.step = 1 AND CASE WHEN b_40.kind IS NULL THEN COLLECT { MATCH (b_40)<-[:PHASE_OF]-(h_64:Phase) WHERE h_64.kind = 'made' AND EXISTS { (h_64)-[f_66:FLOW]->() WHERE f_66.ctx <> 0 AND f_66.ctx IN $_contexts } RETURN h_64.key ORDER BY h_64.t DESC, h_64.w DESC, h_64.n DESC LIMIT 1 }[0] IS NULL WHEN b_40.kind = 'made' THEN b_40.key = COLLECT { MATCH (b_40)-[:PHASE_OF]->(o_65) MATCH (o_65)<-[:PHASE_OF]-(h_64:Phase) WHERE h_64.kind = 'made' AND EXISTS { (h_64)-[f_66:FLOW]->() WHERE f_66.ctx <> 0 AND f_66.ctx IN $_contexts } RETURN h_64.key ORDER BY h_64.t DESC, h_64.w DESC, h_64.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_40.of, b_40.id) AS id_14
  }
  RETURN DISTINCT id_14
}
UNWIND keys_31 AS key_30
WITH DISTINCT id_14, key_30.y AS y
MATCH (m:Resource {id: id_14})
WHERE (coalesce(m:Model|Checkpoint, false) AND any(r_ IN [r_ IN [m] + COLLECT { MATCH (m)<-[:FACET_OF]-(facet_84:Facet) RETURN facet_84 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1)))
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

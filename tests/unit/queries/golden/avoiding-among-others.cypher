MATCH (z:Resource {id: $thing})
WHERE ([rows_5 IN [[r_ IN [z] + COLLECT { MATCH (z)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts]] | size(rows_5) > 0][0] OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_7.ctx IN $_contexts })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE e_8.ctx IN $_contexts
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE ([rows_79 IN [[r_ IN [study] + COLLECT { MATCH (study)<-[:FACET_OF]-(facet_80:Facet) RETURN facet_80 } WHERE r_.ctx IN $_contexts]] | size(rows_79) > 0][0] OR EXISTS { (study)-[e_81:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_81.ctx IN $_contexts })
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
  WITH d, ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_74:Facet) RETURN facet_74 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_75:USED|WAS_INFORMED_BY]->() WHERE e_75.ctx IN $_contexts } OR EXISTS { (d)<-[e_76:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_76.ctx IN $_contexts } OR EXISTS { (d)-[e_77:PART_OF]-() WHERE e_77.ctx IN $_contexts AND e_77.role = 'part' }) AS acting_27
  WITH collect(CASE WHEN acting_27 THEN d END) AS alone_28, collect(CASE WHEN NOT acting_27 THEN d END) AS quiet_29
  WITH CASE WHEN size(quiet_29) > 4 THEN alone_28 ELSE alone_28 + quiet_29 END AS few_30, CASE WHEN size(quiet_29) > 4 THEN quiet_29 ELSE [] END AS many_31
  CALL (few_30, many_31) {
    UNWIND few_30 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_71:Phase)-[:PHASE_OF]->(d) WHERE p_71.kind IN ['name', 'made'] RETURN p_71 } AS s_60
      CALL (s_60) {
        MATCH (s_60) (()<-[r_72:FLOW WHERE r_72.ctx IN $_contexts]-(n_73 WHERE $_avoided_9[coalesce(n_73.of, n_73.id)] IS NULL))* (a_61)
        RETURN DISTINCT a_61
      }
      WITH DISTINCT a_61
      MATCH (a_61)<-[e_62:FLOW]-(b_63) WHERE e_62.ctx IN $_contexts AND $_avoided_9[coalesce(b_63.of, b_63.id)] IS NULL AND e_62.step = 1 AND (coalesce(b_63.of, b_63.id) <> d.id OR NOT ((d:Activity AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_64:Facet) RETURN facet_64 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (d)-[e_65:USED|WAS_INFORMED_BY]->() WHERE e_65.ctx IN $_contexts } OR EXISTS { (d)<-[e_66:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_66.ctx IN $_contexts } OR EXISTS { (d)-[e_67:PART_OF]-() WHERE e_67.ctx IN $_contexts AND e_67.role = 'part' })) AND CASE WHEN b_63.kind IS NULL THEN COLLECT { MATCH (b_63)<-[:PHASE_OF]-(h_68:Phase) WHERE h_68.kind = 'made' AND EXISTS { (h_68)-[f_70:FLOW]->() WHERE f_70.ctx <> 0 AND f_70.ctx IN $_contexts } RETURN h_68.key ORDER BY h_68.t DESC, h_68.w DESC, h_68.n DESC LIMIT 1 }[0] IS NULL WHEN b_63.kind = 'made' THEN b_63.key = COLLECT { MATCH (b_63)-[:PHASE_OF]->(o_69) MATCH (o_69)<-[:PHASE_OF]-(h_68:Phase) WHERE h_68.kind = 'made' AND EXISTS { (h_68)-[f_70:FLOW]->() WHERE f_70.ctx <> 0 AND f_70.ctx IN $_contexts } RETURN h_68.key ORDER BY h_68.t DESC, h_68.w DESC, h_68.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_63.of, b_63.id) AS id_12
    }
    RETURN DISTINCT id_12
    UNION
    UNWIND many_31 AS d
    UNWIND [d] + COLLECT { MATCH (p_52:Phase)-[:PHASE_OF]->(d) WHERE p_52.kind IN ['name', 'made'] RETURN p_52 } AS n_34
    WITH collect(DISTINCT n_34) AS level_35
    CALL (level_35) {
      UNWIND level_35 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_36
    }
    CALL (level_36) {
      UNWIND level_36 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_37
    }
    CALL (level_37) {
      UNWIND level_37 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_38
    }
    CALL (level_38) {
      UNWIND level_38 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_39
    }
    CALL (level_39) {
      UNWIND level_39 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL
      RETURN collect(DISTINCT b_32) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_34
      CALL (n_34) {
        MATCH (n_34) (()<-[r_55:FLOW WHERE r_55.ctx IN $_contexts]-(n_56 WHERE $_avoided_9[coalesce(n_56.of, n_56.id)] IS NULL))* (deep_54)
        RETURN DISTINCT deep_54
      }
      RETURN collect(DISTINCT deep_54) AS rest_53
    }
    UNWIND level_35 + level_36 + level_37 + level_38 + level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + rest_53 AS n_34
    WITH DISTINCT n_34
    MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.ctx IN $_contexts AND $_avoided_9[coalesce(b_32.of, b_32.id)] IS NULL AND e_33.step = 1 AND CASE WHEN b_32.kind IS NULL THEN COLLECT { MATCH (b_32)<-[:PHASE_OF]-(h_57:Phase) WHERE h_57.kind = 'made' AND EXISTS { (h_57)-[f_59:FLOW]->() WHERE f_59.ctx <> 0 AND f_59.ctx IN $_contexts } RETURN h_57.key ORDER BY h_57.t DESC, h_57.w DESC, h_57.n DESC LIMIT 1 }[0] IS NULL WHEN b_32.kind = 'made' THEN b_32.key = COLLECT { MATCH (b_32)-[:PHASE_OF]->(o_58) MATCH (o_58)<-[:PHASE_OF]-(h_57:Phase) WHERE h_57.kind = 'made' AND EXISTS { (h_57)-[f_59:FLOW]->() WHERE f_59.ctx <> 0 AND f_59.ctx IN $_contexts } RETURN h_57.key ORDER BY h_57.t DESC, h_57.w DESC, h_57.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_32.of, b_32.id) AS id_12
  }
  WITH DISTINCT id_12
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_78
WHERE $_avoided_82[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_84
  CALL (s_84) {
    MATCH (s_84) (()-[r_88:PART_OF WHERE r_88.ctx IN $_contexts]->(n_89 WHERE $_avoided_82[coalesce(n_89.of, n_89.id)] IS NULL))* (a_85)
    RETURN DISTINCT a_85
  }
  WITH DISTINCT a_85
  MATCH (a_85)-[e_86:PART_OF]->(b_87) WHERE e_86.ctx IN $_contexts AND $_avoided_82[coalesce(b_87.of, b_87.id)] IS NULL
  RETURN DISTINCT coalesce(b_87.of, b_87.id) AS id_83
}
MATCH (whole:Resource {id: id_83})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

MATCH (z:Resource {id: $thing})
WHERE (z.ctx IS NOT NULL OR EXISTS { (z)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
MATCH (bad)-[e_4:EXCLUDED]->(z)
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE (study.ctx IS NOT NULL OR EXISTS { (study)-[e_69:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
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
  WITH d, (d:Activity OR EXISTS { (d)-[e_65:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_66:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_67:PART_OF]-() WHERE e_67.role = 'part' }) AS acting_21
  WITH collect(CASE WHEN acting_21 THEN d END) AS alone_22, collect(CASE WHEN NOT acting_21 THEN d END) AS quiet_23
  WITH CASE WHEN size(quiet_23) > 4 THEN alone_22 ELSE alone_22 + quiet_23 END AS few_24, CASE WHEN size(quiet_23) > 4 THEN quiet_23 ELSE [] END AS many_25
  CALL (few_24, many_25) {
    UNWIND few_24 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_62:Phase)-[:PHASE_OF]->(d) WHERE p_62.kind IN ['name', 'made'] RETURN p_62 } AS s_53
      CALL (s_53) {
        MATCH (s_53) (()<-[r_63:FLOW]-(n_64 WHERE $_avoided_5[coalesce(n_64.of, n_64.id)] IS NULL))* (a_54)
        RETURN DISTINCT a_54
      }
      WITH DISTINCT a_54
      MATCH (a_54)<-[e_55:FLOW]-(b_56) WHERE $_avoided_5[coalesce(b_56.of, b_56.id)] IS NULL AND e_55.step = 1 AND (coalesce(b_56.of, b_56.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_57:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_58:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_59:PART_OF]-() WHERE e_59.role = 'part' })) AND CASE WHEN b_56.kind IS NULL THEN COLLECT { MATCH (b_56)<-[:PHASE_OF]-(h_60:Phase) WHERE h_60.kind = 'made' RETURN h_60.key ORDER BY h_60.t DESC, h_60.w DESC, h_60.n DESC LIMIT 1 }[0] IS NULL WHEN b_56.kind = 'made' THEN b_56.key = COLLECT { MATCH (b_56)-[:PHASE_OF]->(o_61) MATCH (o_61)<-[:PHASE_OF]-(h_60:Phase) WHERE h_60.kind = 'made' RETURN h_60.key ORDER BY h_60.t DESC, h_60.w DESC, h_60.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_56.of, b_56.id) AS id_8
    }
    RETURN DISTINCT id_8
    UNION
    UNWIND many_25 AS d
    UNWIND [d] + COLLECT { MATCH (p_46:Phase)-[:PHASE_OF]->(d) WHERE p_46.kind IN ['name', 'made'] RETURN p_46 } AS n_28
    WITH collect(DISTINCT n_28) AS level_29
    CALL (level_29) {
      UNWIND level_29 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_30
    }
    CALL (level_30) {
      UNWIND level_30 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_31
    }
    CALL (level_31) {
      UNWIND level_31 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_32
    }
    CALL (level_32) {
      UNWIND level_32 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_33
    }
    CALL (level_33) {
      UNWIND level_33 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_34
    }
    CALL (level_34) {
      UNWIND level_34 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_35
    }
    CALL (level_35) {
      UNWIND level_35 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_36
    }
    CALL (level_36) {
      UNWIND level_36 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_37
    }
    CALL (level_37) {
      UNWIND level_37 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_38
    }
    CALL (level_38) {
      UNWIND level_38 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_39
    }
    CALL (level_39) {
      UNWIND level_39 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_28
      MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL
      RETURN collect(DISTINCT b_26) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_28
      CALL (n_28) {
        MATCH (n_28) (()<-[r_49:FLOW]-(n_50 WHERE $_avoided_5[coalesce(n_50.of, n_50.id)] IS NULL))* (deep_48)
        RETURN DISTINCT deep_48
      }
      RETURN collect(DISTINCT deep_48) AS rest_47
    }
    UNWIND level_29 + level_30 + level_31 + level_32 + level_33 + level_34 + level_35 + level_36 + level_37 + level_38 + level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + rest_47 AS n_28
    WITH DISTINCT n_28
    MATCH (n_28)<-[e_27:FLOW]-(b_26) WHERE $_avoided_5[coalesce(b_26.of, b_26.id)] IS NULL AND e_27.step = 1 AND CASE WHEN b_26.kind IS NULL THEN COLLECT { MATCH (b_26)<-[:PHASE_OF]-(h_51:Phase) WHERE h_51.kind = 'made' RETURN h_51.key ORDER BY h_51.t DESC, h_51.w DESC, h_51.n DESC LIMIT 1 }[0] IS NULL WHEN b_26.kind = 'made' THEN b_26.key = COLLECT { MATCH (b_26)-[:PHASE_OF]->(o_52) MATCH (o_52)<-[:PHASE_OF]-(h_51:Phase) WHERE h_51.kind = 'made' RETURN h_51.key ORDER BY h_51.t DESC, h_51.w DESC, h_51.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_26.of, b_26.id) AS id_8
  }
  WITH DISTINCT id_8
  MATCH (y:Resource {id: id_8})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_68
WHERE $_avoided_70[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_72
  CALL (s_72) {
    MATCH (s_72) (()-[r_76:PART_OF]->(n_77 WHERE $_avoided_70[coalesce(n_77.of, n_77.id)] IS NULL))* (a_73)
    RETURN DISTINCT a_73
  }
  WITH DISTINCT a_73
  MATCH (a_73)-[e_74:PART_OF]->(b_75) WHERE $_avoided_70[coalesce(b_75.of, b_75.id)] IS NULL
  RETURN DISTINCT coalesce(b_75.of, b_75.id) AS id_71
}
MATCH (whole:Resource {id: id_71})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

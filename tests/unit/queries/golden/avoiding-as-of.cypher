MATCH (z:Resource {id: $thing})
WHERE (coalesce((z.started_at <= $_as_of OR z.name_t <= $_as_of), false) OR (z.ctx IS NOT NULL AND z.started_at IS NULL AND z.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [z] WHERE r_.ctx IS NOT NULL] AS row_5 MATCH (row_5)<-[:PAST_OF]-(past_6:Past) WHERE (past_6.t IS NULL OR past_6.t <= $_as_of) RETURN 1 } OR EXISTS { (z)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) })
MATCH (bad)-[e_8:EXCLUDED]->(z)
WHERE (e_8.t IS NULL OR e_8.t <= $_as_of)
RETURN collect(DISTINCT bad.id);

MATCH (study:Resource {id: $thing})
WHERE (coalesce((study.started_at <= $_as_of OR study.name_t <= $_as_of), false) OR (study.ctx IS NOT NULL AND study.started_at IS NULL AND study.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [study] WHERE r_.ctx IS NOT NULL] AS row_73 MATCH (row_73)<-[:PAST_OF]-(past_74:Past) WHERE (past_74.t IS NULL OR past_74.t <= $_as_of) RETURN 1 } OR EXISTS { (study)-[e_75:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_75.t IS NULL OR e_75.t <= $_as_of) })
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
  WITH d, (d:Activity OR EXISTS { (d)-[e_69:USED|WAS_INFORMED_BY]->() WHERE (e_69.t IS NULL OR e_69.t <= $_as_of) } OR EXISTS { (d)<-[e_70:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_70.t IS NULL OR e_70.t <= $_as_of) } OR EXISTS { (d)-[e_71:PART_OF]-() WHERE (e_71.t IS NULL OR e_71.t <= $_as_of) AND e_71.role = 'part' }) AS acting_25
  WITH collect(CASE WHEN acting_25 THEN d END) AS alone_26, collect(CASE WHEN NOT acting_25 THEN d END) AS quiet_27
  WITH CASE WHEN size(quiet_27) > 4 THEN alone_26 ELSE alone_26 + quiet_27 END AS few_28, CASE WHEN size(quiet_27) > 4 THEN quiet_27 ELSE [] END AS many_29
  CALL (few_28, many_29) {
    UNWIND few_28 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_66:Phase)-[:PHASE_OF]->(d) WHERE p_66.kind IN ['name', 'made'] RETURN p_66 } AS s_57
      CALL (s_57) {
        MATCH (s_57) (()<-[r_67:FLOW WHERE (r_67.t IS NULL OR r_67.t <= $_as_of)]-(n_68 WHERE $_avoided_9[coalesce(n_68.of, n_68.id)] IS NULL))* (a_58)
        RETURN DISTINCT a_58
      }
      WITH DISTINCT a_58
      MATCH (a_58)<-[e_59:FLOW]-(b_60) WHERE (e_59.t IS NULL OR e_59.t <= $_as_of) AND $_avoided_9[coalesce(b_60.of, b_60.id)] IS NULL AND e_59.step = 1 AND (coalesce(b_60.of, b_60.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_61:USED|WAS_INFORMED_BY]->() WHERE (e_61.t IS NULL OR e_61.t <= $_as_of) } OR EXISTS { (d)<-[e_62:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_62.t IS NULL OR e_62.t <= $_as_of) } OR EXISTS { (d)-[e_63:PART_OF]-() WHERE (e_63.t IS NULL OR e_63.t <= $_as_of) AND e_63.role = 'part' })) AND CASE WHEN b_60.kind IS NULL THEN COLLECT { MATCH (b_60)<-[:PHASE_OF]-(h_64:Phase) WHERE h_64.kind = 'made' AND (h_64.t >= 4611686018427387904 OR h_64.t <= $_as_of) RETURN h_64.key ORDER BY h_64.t DESC, h_64.w DESC, h_64.n DESC LIMIT 1 }[0] IS NULL WHEN b_60.kind = 'made' THEN b_60.key = COLLECT { MATCH (b_60)-[:PHASE_OF]->(o_65) MATCH (o_65)<-[:PHASE_OF]-(h_64:Phase) WHERE h_64.kind = 'made' AND (h_64.t >= 4611686018427387904 OR h_64.t <= $_as_of) RETURN h_64.key ORDER BY h_64.t DESC, h_64.w DESC, h_64.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_60.of, b_60.id) AS id_12
    }
    RETURN DISTINCT id_12
    UNION
    UNWIND many_29 AS d
    UNWIND [d] + COLLECT { MATCH (p_50:Phase)-[:PHASE_OF]->(d) WHERE p_50.kind IN ['name', 'made'] RETURN p_50 } AS n_32
    WITH collect(DISTINCT n_32) AS level_33
    CALL (level_33) {
      UNWIND level_33 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_34
    }
    CALL (level_34) {
      UNWIND level_34 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_35
    }
    CALL (level_35) {
      UNWIND level_35 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_36
    }
    CALL (level_36) {
      UNWIND level_36 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_37
    }
    CALL (level_37) {
      UNWIND level_37 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_38
    }
    CALL (level_38) {
      UNWIND level_38 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_39
    }
    CALL (level_39) {
      UNWIND level_39 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_32
      MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL
      RETURN collect(DISTINCT b_30) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_32
      CALL (n_32) {
        MATCH (n_32) (()<-[r_53:FLOW WHERE (r_53.t IS NULL OR r_53.t <= $_as_of)]-(n_54 WHERE $_avoided_9[coalesce(n_54.of, n_54.id)] IS NULL))* (deep_52)
        RETURN DISTINCT deep_52
      }
      RETURN collect(DISTINCT deep_52) AS rest_51
    }
    UNWIND level_33 + level_34 + level_35 + level_36 + level_37 + level_38 + level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + rest_51 AS n_32
    WITH DISTINCT n_32
    MATCH (n_32)<-[e_31:FLOW]-(b_30) WHERE (e_31.t IS NULL OR e_31.t <= $_as_of) AND $_avoided_9[coalesce(b_30.of, b_30.id)] IS NULL AND e_31.step = 1 AND CASE WHEN b_30.kind IS NULL THEN COLLECT { MATCH (b_30)<-[:PHASE_OF]-(h_55:Phase) WHERE h_55.kind = 'made' AND (h_55.t >= 4611686018427387904 OR h_55.t <= $_as_of) RETURN h_55.key ORDER BY h_55.t DESC, h_55.w DESC, h_55.n DESC LIMIT 1 }[0] IS NULL WHEN b_30.kind = 'made' THEN b_30.key = COLLECT { MATCH (b_30)-[:PHASE_OF]->(o_56) MATCH (o_56)<-[:PHASE_OF]-(h_55:Phase) WHERE h_55.kind = 'made' AND (h_55.t >= 4611686018427387904 OR h_55.t <= $_as_of) RETURN h_55.key ORDER BY h_55.t DESC, h_55.w DESC, h_55.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_30.of, b_30.id) AS id_12
  }
  WITH DISTINCT id_12
  MATCH (y:Resource {id: id_12})
  RETURN DISTINCT y AS y
}
WITH y, count(*) AS same_72
WHERE $_avoided_76[y.id] IS NULL
WITH DISTINCT y
CALL (y) {
  UNWIND [y] AS s_78
  CALL (s_78) {
    MATCH (s_78) (()-[r_82:PART_OF WHERE (r_82.t IS NULL OR r_82.t <= $_as_of)]->(n_83 WHERE $_avoided_76[coalesce(n_83.of, n_83.id)] IS NULL))* (a_79)
    RETURN DISTINCT a_79
  }
  WITH DISTINCT a_79
  MATCH (a_79)-[e_80:PART_OF]->(b_81) WHERE (e_80.t IS NULL OR e_80.t <= $_as_of) AND $_avoided_76[coalesce(b_81.of, b_81.id)] IS NULL
  RETURN DISTINCT coalesce(b_81.of, b_81.id) AS id_77
}
MATCH (whole:Resource {id: id_77})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(whole.long_id, whole.id) AS col_whole
ORDER BY col_y, col_whole
LIMIT $_limit
RETURN collect([col_y, col_whole]);

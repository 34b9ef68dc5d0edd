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
WITH collect({start: d, key: {y: y}}) AS rows_26
WITH rows_26, COUNT { UNWIND rows_26 AS row_27 RETURN DISTINCT row_27.key } < COUNT { UNWIND rows_26 AS row_27 RETURN DISTINCT row_27.start } AS fewer_31
UNWIND rows_26 AS row_27
WITH CASE WHEN fewer_31 THEN row_27.key ELSE row_27.start END AS group_32, collect(DISTINCT row_27.key) AS keys_29, collect(DISTINCT row_27.start) AS starts_30
CALL (starts_30) {
  UNWIND starts_30 AS d
  WITH d, (d:Activity OR EXISTS { (d)-[e_75:USED|WAS_INFORMED_BY]->() WHERE (e_75.t IS NULL OR e_75.t <= $_as_of) } OR EXISTS { (d)<-[e_76:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_76.t IS NULL OR e_76.t <= $_as_of) } OR EXISTS { (d)-[e_77:PART_OF]-() WHERE (e_77.t IS NULL OR e_77.t <= $_as_of) AND e_77.role = 'part' }) AS acting_33
  WITH collect(CASE WHEN acting_33 THEN d END) AS alone_34, collect(CASE WHEN NOT acting_33 THEN d END) AS quiet_35
  WITH CASE WHEN size(quiet_35) > 4 THEN alone_34 ELSE alone_34 + quiet_35 END AS few_36, CASE WHEN size(quiet_35) > 4 THEN quiet_35 ELSE [] END AS many_37
  CALL (few_36, many_37) {
    UNWIND few_36 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_73:Phase)-[:PHASE_OF]->(d) WHERE p_73.kind IN ['name', 'made'] RETURN p_73 } AS s_64
      CALL (s_64) {
        MATCH (s_64) (()<-[r_74:FLOW WHERE (r_74.t IS NULL OR r_74.t <= $_as_of)]-())* (a_65)
        RETURN DISTINCT a_65
      }
      WITH DISTINCT a_65
      MATCH (a_65)<-[e_66:FLOW]-(b_67) WHERE (e_66.t IS NULL OR e_66.t <= $_as_of) AND e_66.step = 1 AND (coalesce(b_67.of, b_67.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_68:USED|WAS_INFORMED_BY]->() WHERE (e_68.t IS NULL OR e_68.t <= $_as_of) } OR EXISTS { (d)<-[e_69:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_69.t IS NULL OR e_69.t <= $_as_of) } OR EXISTS { (d)-[e_70:PART_OF]-() WHERE (e_70.t IS NULL OR e_70.t <= $_as_of) AND e_70.role = 'part' })) AND CASE WHEN b_67.kind IS NULL THEN COLLECT { MATCH (b_67)<-[:PHASE_OF]-(h_71:Phase) WHERE h_71.kind = 'made' AND (h_71.t >= 4611686018427387904 OR h_71.t <= $_as_of) RETURN h_71.key ORDER BY h_71.t DESC, h_71.w DESC, h_71.n DESC LIMIT 1 }[0] IS NULL WHEN b_67.kind = 'made' THEN b_67.key = COLLECT { MATCH (b_67)-[:PHASE_OF]->(o_72) MATCH (o_72)<-[:PHASE_OF]-(h_71:Phase) WHERE h_71.kind = 'made' AND (h_71.t >= 4611686018427387904 OR h_71.t <= $_as_of) RETURN h_71.key ORDER BY h_71.t DESC, h_71.w DESC, h_71.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_67.of, b_67.id) AS id_14
    }
    RETURN DISTINCT id_14
    UNION
    UNWIND many_37 AS d
    UNWIND [d] + COLLECT { MATCH (p_58:Phase)-[:PHASE_OF]->(d) WHERE p_58.kind IN ['name', 'made'] RETURN p_58 } AS n_40
    WITH collect(DISTINCT n_40) AS level_41
    CALL (level_41) {
      UNWIND level_41 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_52
    }
    CALL (level_52) {
      UNWIND level_52 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_53
    }
    CALL (level_53) {
      UNWIND level_53 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_54
    }
    CALL (level_54) {
      UNWIND level_54 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_55
    }
    CALL (level_55) {
      UNWIND level_55 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_56
    }
    CALL (level_56) {
      UNWIND level_56 AS n_40
      MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of)
      RETURN collect(DISTINCT b_38) AS level_57
    }
    CALL (level_57) {
      UNWIND level_57 AS n_40
      CALL (n_40) {
        MATCH (n_40) (()<-[r_61:FLOW WHERE (r_61.t IS NULL OR r_61.t <= $_as_of)]-())* (deep_60)
        RETURN DISTINCT deep_60
      }
      RETURN collect(DISTINCT deep_60) AS rest_59
    }
    UNWIND level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + level_51 + level_52 + level_53 + level_54 + level_55 + level_56 + rest_59 AS n_40
    WITH DISTINCT n_40
    MATCH (n_40)<-[e_39:FLOW]-(b_38) WHERE (e_39.t IS NULL OR e_39.t <= $_as_of) AND e_39.step = 1 AND CASE WHEN b_38.kind IS NULL THEN COLLECT { MATCH (b_38)<-[:PHASE_OF]-(h_62:Phase) WHERE h_62.kind = 'made' AND (h_62.t >= 4611686018427387904 OR h_62.t <= $_as_of) RETURN h_62.key ORDER BY h_62.t DESC, h_62.w DESC, h_62.n DESC LIMIT 1 }[0] IS NULL WHEN b_38.kind = 'made' THEN b_38.key = COLLECT { MATCH (b_38)-[:PHASE_OF]->(o_63) MATCH (o_63)<-[:PHASE_OF]-(h_62:Phase) WHERE h_62.kind = 'made' AND (h_62.t >= 4611686018427387904 OR h_62.t <= $_as_of) RETURN h_62.key ORDER BY h_62.t DESC, h_62.w DESC, h_62.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_38.of, b_38.id) AS id_14
  }
  RETURN DISTINCT id_14
}
UNWIND keys_29 AS key_28
WITH DISTINCT id_14, key_28.y AS y
MATCH (m:Resource {id: id_14})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

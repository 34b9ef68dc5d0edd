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
WITH collect({start: d, key: {y: y}}) AS rows_24
WITH rows_24, COUNT { UNWIND rows_24 AS row_25 RETURN DISTINCT row_25.key } < COUNT { UNWIND rows_24 AS row_25 RETURN DISTINCT row_25.start } AS fewer_29
UNWIND rows_24 AS row_25
WITH CASE WHEN fewer_29 THEN row_25.key ELSE row_25.start END AS group_30, collect(DISTINCT row_25.key) AS keys_27, collect(DISTINCT row_25.start) AS starts_28
CALL (starts_28) {
  UNWIND starts_28 AS d
  WITH d, (d:Activity OR EXISTS { (d)-[e_73:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_74:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_75:PART_OF]-() WHERE e_75.role = 'part' }) AS acting_31
  WITH collect(CASE WHEN acting_31 THEN d END) AS alone_32, collect(CASE WHEN NOT acting_31 THEN d END) AS quiet_33
  WITH CASE WHEN size(quiet_33) > 4 THEN alone_32 ELSE alone_32 + quiet_33 END AS few_34, CASE WHEN size(quiet_33) > 4 THEN quiet_33 ELSE [] END AS many_35
  CALL (few_34, many_35) {
    UNWIND few_34 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_71:Phase)-[:PHASE_OF]->(d) WHERE p_71.kind IN ['name', 'made'] RETURN p_71 } AS s_62
      CALL (s_62) {
        MATCH (s_62) (()<-[r_72:FLOW]-())* (a_63)
        RETURN DISTINCT a_63
      }
      WITH DISTINCT a_63
      MATCH (a_63)<-[e_64:FLOW]-(b_65) WHERE e_64.step = 1 AND (coalesce(b_65.of, b_65.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_66:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_67:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_68:PART_OF]-() WHERE e_68.role = 'part' })) AND CASE WHEN b_65.kind IS NULL THEN COLLECT { MATCH (b_65)<-[:PHASE_OF]-(h_69:Phase) WHERE h_69.kind = 'made' RETURN h_69.key ORDER BY h_69.t DESC, h_69.w DESC, h_69.n DESC LIMIT 1 }[0] IS NULL WHEN b_65.kind = 'made' THEN b_65.key = COLLECT { MATCH (b_65)-[:PHASE_OF]->(o_70) MATCH (o_70)<-[:PHASE_OF]-(h_69:Phase) WHERE h_69.kind = 'made' RETURN h_69.key ORDER BY h_69.t DESC, h_69.w DESC, h_69.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_65.of, b_65.id) AS id_12
    }
    RETURN DISTINCT id_12
    UNION
    UNWIND many_35 AS d
    UNWIND [d] + COLLECT { MATCH (p_56:Phase)-[:PHASE_OF]->(d) WHERE p_56.kind IN ['name', 'made'] RETURN p_56 } AS n_38
    WITH collect(DISTINCT n_38) AS level_39
    CALL (level_39) {
      UNWIND level_39 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_52
    }
    CALL (level_52) {
      UNWIND level_52 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_53
    }
    CALL (level_53) {
      UNWIND level_53 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_54
    }
    CALL (level_54) {
      UNWIND level_54 AS n_38
      MATCH (n_38)<-[e_37:FLOW]-(b_36)
      RETURN collect(DISTINCT b_36) AS level_55
    }
    CALL (level_55) {
      UNWIND level_55 AS n_38
      CALL (n_38) {
        MATCH (n_38) (()<-[r_59:FLOW]-())* (deep_58)
        RETURN DISTINCT deep_58
      }
      RETURN collect(DISTINCT deep_58) AS rest_57
    }
    UNWIND level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + level_51 + level_52 + level_53 + level_54 + rest_57 AS n_38
    WITH DISTINCT n_38
    MATCH (n_38)<-[e_37:FLOW]-(b_36) WHERE e_37.step = 1 AND CASE WHEN b_36.kind IS NULL THEN COLLECT { MATCH (b_36)<-[:PHASE_OF]-(h_60:Phase) WHERE h_60.kind = 'made' RETURN h_60.key ORDER BY h_60.t DESC, h_60.w DESC, h_60.n DESC LIMIT 1 }[0] IS NULL WHEN b_36.kind = 'made' THEN b_36.key = COLLECT { MATCH (b_36)-[:PHASE_OF]->(o_61) MATCH (o_61)<-[:PHASE_OF]-(h_60:Phase) WHERE h_60.kind = 'made' RETURN h_60.key ORDER BY h_60.t DESC, h_60.w DESC, h_60.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_36.of, b_36.id) AS id_12
  }
  RETURN DISTINCT id_12
}
UNWIND keys_27 AS key_26
WITH DISTINCT id_12, key_26.y AS y
MATCH (m:Resource {id: id_12})
WHERE coalesce(m:Model|Checkpoint, false)
WITH DISTINCT coalesce(y.long_id, y.id) AS col_y, coalesce(m.long_id, m.id) AS col_m
ORDER BY col_y, col_m
LIMIT $_limit
RETURN collect([col_y, col_m]);

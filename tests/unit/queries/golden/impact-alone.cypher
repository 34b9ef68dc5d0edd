MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE p_4.kind IN ['name', 'made'] RETURN p_4 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_7:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_8:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_9:PART_OF]-() WHERE e_9.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_10:FLOW]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_6) MATCH (o_6)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
WITH collect(DISTINCT {x: x}) AS rows_2
CALL (rows_2) {
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  UNWIND keys($_c_11) AS id_12
  MATCH (y:Resource {id: id_12})
  WITH *, $_c_11[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_11[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_13:HAS_FEATURE]->(x)
  WITH *, d AS y
  WITH *, $_k0 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_14:HAS_FEATURE]->(x)
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_69:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_70:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_71:PART_OF]-() WHERE e_71.role = 'part' }) AS acting_27
  WITH collect(CASE WHEN acting_27 THEN d END) AS alone_28, collect(CASE WHEN NOT acting_27 THEN d END) AS quiet_29
  WITH CASE WHEN size(quiet_29) > 4 THEN alone_28 ELSE alone_28 + quiet_29 END AS few_30, CASE WHEN size(quiet_29) > 4 THEN quiet_29 ELSE [] END AS many_31
  CALL (few_30, many_31) {
    UNWIND few_30 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_67:Phase)-[:PHASE_OF]->(d) WHERE p_67.kind IN ['name', 'made'] RETURN p_67 } AS s_58
      CALL (s_58) {
        MATCH (s_58) (()<-[r_68:FLOW]-())* (a_59)
        RETURN DISTINCT a_59
      }
      WITH DISTINCT a_59
      MATCH (a_59)<-[e_60:FLOW]-(b_61) WHERE e_60.step = 1 AND (coalesce(b_61.of, b_61.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_62:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_63:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_64:PART_OF]-() WHERE e_64.role = 'part' })) AND CASE WHEN b_61.kind IS NULL THEN COLLECT { MATCH (b_61)<-[:PHASE_OF]-(h_65:Phase) WHERE h_65.kind = 'made' RETURN h_65.key ORDER BY h_65.t DESC, h_65.w DESC, h_65.n DESC LIMIT 1 }[0] IS NULL WHEN b_61.kind = 'made' THEN b_61.key = COLLECT { MATCH (b_61)-[:PHASE_OF]->(o_66) MATCH (o_66)<-[:PHASE_OF]-(h_65:Phase) WHERE h_65.kind = 'made' RETURN h_65.key ORDER BY h_65.t DESC, h_65.w DESC, h_65.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_61.of, b_61.id) AS id_15
    }
    RETURN DISTINCT id_15
    UNION
    UNWIND many_31 AS d
    UNWIND [d] + COLLECT { MATCH (p_52:Phase)-[:PHASE_OF]->(d) WHERE p_52.kind IN ['name', 'made'] RETURN p_52 } AS n_34
    WITH collect(DISTINCT n_34) AS level_35
    CALL (level_35) {
      UNWIND level_35 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_36
    }
    CALL (level_36) {
      UNWIND level_36 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_37
    }
    CALL (level_37) {
      UNWIND level_37 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_38
    }
    CALL (level_38) {
      UNWIND level_38 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_39
    }
    CALL (level_39) {
      UNWIND level_39 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_34
      MATCH (n_34)<-[e_33:FLOW]-(b_32)
      RETURN collect(DISTINCT b_32) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_34
      CALL (n_34) {
        MATCH (n_34) (()<-[r_55:FLOW]-())* (deep_54)
        RETURN DISTINCT deep_54
      }
      RETURN collect(DISTINCT deep_54) AS rest_53
    }
    UNWIND level_35 + level_36 + level_37 + level_38 + level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + rest_53 AS n_34
    WITH DISTINCT n_34
    MATCH (n_34)<-[e_33:FLOW]-(b_32) WHERE e_33.step = 1 AND CASE WHEN b_32.kind IS NULL THEN COLLECT { MATCH (b_32)<-[:PHASE_OF]-(h_56:Phase) WHERE h_56.kind = 'made' RETURN h_56.key ORDER BY h_56.t DESC, h_56.w DESC, h_56.n DESC LIMIT 1 }[0] IS NULL WHEN b_32.kind = 'made' THEN b_32.key = COLLECT { MATCH (b_32)-[:PHASE_OF]->(o_57) MATCH (o_57)<-[:PHASE_OF]-(h_56:Phase) WHERE h_56.kind = 'made' RETURN h_56.key ORDER BY h_56.t DESC, h_56.w DESC, h_56.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_32.of, b_32.id) AS id_15
  }
  WITH DISTINCT id_15
  MATCH (y:Resource {id: id_15})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_72
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_73
UNWIND rows_73[0..1] AS row_74
WITH y, row_74.depth AS depth, row_74.via AS via
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, coalesce(y.long_name, y.name) AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, y.started_at AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END]);

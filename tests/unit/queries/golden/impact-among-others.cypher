MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_6:Phase)-[:PHASE_OF]->(x) WHERE p_6.kind IN ['name', 'made'] RETURN p_6 } AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_10:Facet) RETURN facet_10 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_11:USED|WAS_INFORMED_BY]->() WHERE e_11.ctx IN $_contexts } OR EXISTS { (x)<-[e_12:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_12.ctx IN $_contexts } OR EXISTS { (x)-[e_13:PART_OF]-() WHERE e_13.ctx IN $_contexts AND e_13.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_14:FLOW WHERE r_14.ctx IN $_contexts]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_7:Phase) WHERE h_7.kind = 'made' AND EXISTS { (h_7)-[f_9:FLOW]->() WHERE f_9.ctx <> 0 AND f_9.ctx IN $_contexts } RETURN h_7.key ORDER BY h_7.t DESC, h_7.w DESC, h_7.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_8) MATCH (o_8)<-[:PHASE_OF]-(h_7:Phase) WHERE h_7.kind = 'made' AND EXISTS { (h_7)-[f_9:FLOW]->() WHERE f_9.ctx <> 0 AND f_9.ctx IN $_contexts } RETURN h_7.key ORDER BY h_7.t DESC, h_7.w DESC, h_7.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
WITH collect(DISTINCT {x: x}) AS rows_4
CALL (rows_4) {
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  UNWIND keys($_c_15) AS id_16
  MATCH (y:Resource {id: id_16})
  WITH *, $_c_15[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_15[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE (coalesce(x:Feature, false) AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_17:Facet) RETURN facet_17 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k1)))
  MATCH (d)-[e_18:HAS_FEATURE]->(x)
  WHERE e_18.ctx IN $_contexts
  WITH *, d AS y
  WITH *, $_k2 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE (coalesce(x:Feature, false) AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_19:Facet) RETURN facet_19 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k3)))
  MATCH (d)-[e_20:HAS_FEATURE]->(x)
  WHERE e_20.ctx IN $_contexts
  WITH DISTINCT d
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
      RETURN DISTINCT coalesce(b_70.of, b_70.id) AS id_21
    }
    RETURN DISTINCT id_21
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
    RETURN DISTINCT coalesce(b_40.of, b_40.id) AS id_21
  }
  WITH DISTINCT id_21
  MATCH (y:Resource {id: id_21})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_84
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_85
UNWIND rows_85[0..1] AS row_86
WITH y, row_86.depth AS depth, row_86.via AS via
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_89:Facet) RETURN facet_89 } WHERE r_.ctx IN $_contexts] AS rows_88
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_88 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_name, CASE size(rows_88) WHEN 1 THEN rows_88[0].type ELSE [h_ IN [reduce(a_ = [], r_ IN rows_88 | a_ + r_.types)] | reduce(f_ = null, t_ IN h_ | CASE WHEN f_ IS NULL OR [CASE WHEN any(b_ IN coalesce($_below[t_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[t_], 1000000), t_] < [CASE WHEN any(b_ IN coalesce($_below[f_], []) WHERE b_ IN h_) THEN 1 ELSE 0 END, coalesce($_types[f_], 1000000), f_] THEN t_ ELSE f_ END)][0] END AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, reduce(m_ = null, r_ IN rows_88 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END) AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
WITH *, [r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_91:Facet) RETURN facet_91 } WHERE r_.ctx IN $_contexts] AS rows_90
RETURN collect([col_id, col_name, col_type, CASE WHEN any(r_ IN rows_90 WHERE 'Activity' IN r_.kinds) THEN 'Activity' WHEN any(r_ IN rows_90 WHERE 'Agent' IN r_.kinds) THEN 'Agent' WHEN any(r_ IN rows_90 WHERE 'Entity' IN r_.kinds) THEN 'Entity' END, col_depth, col_via, col_started_at, [e_ IN [reduce(m_ = null, r_ IN rows_90 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_90 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]]);

MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_6:Phase)-[:PHASE_OF]->(x) WHERE p_6.kind IN ['name', 'made'] RETURN p_6 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_9:USED|WAS_INFORMED_BY]->() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) } OR EXISTS { (x)<-[e_10:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_10.t IS NULL OR e_10.t <= $_as_of) } OR EXISTS { (x)-[e_11:PART_OF]-() WHERE (e_11.t IS NULL OR e_11.t <= $_as_of) AND e_11.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_12:FLOW WHERE (r_12.t IS NULL OR r_12.t <= $_as_of)]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_7:Phase) WHERE h_7.kind = 'made' AND (h_7.t >= 4611686018427387904 OR h_7.t <= $_as_of) RETURN h_7.key ORDER BY h_7.t DESC, h_7.w DESC, h_7.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_8) MATCH (o_8)<-[:PHASE_OF]-(h_7:Phase) WHERE h_7.kind = 'made' AND (h_7.t >= 4611686018427387904 OR h_7.t <= $_as_of) RETURN h_7.key ORDER BY h_7.t DESC, h_7.w DESC, h_7.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
WITH collect(DISTINCT {x: x}) AS rows_4
CALL (rows_4) {
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  UNWIND keys($_c_13) AS id_14
  MATCH (y:Resource {id: id_14})
  WITH *, $_c_13[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_13[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_15:HAS_FEATURE]->(x)
  WHERE (e_15.t IS NULL OR e_15.t <= $_as_of)
  WITH *, d AS y
  WITH *, $_k1 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_16:HAS_FEATURE]->(x)
  WHERE (e_16.t IS NULL OR e_16.t <= $_as_of)
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_71:USED|WAS_INFORMED_BY]->() WHERE (e_71.t IS NULL OR e_71.t <= $_as_of) } OR EXISTS { (d)<-[e_72:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_72.t IS NULL OR e_72.t <= $_as_of) } OR EXISTS { (d)-[e_73:PART_OF]-() WHERE (e_73.t IS NULL OR e_73.t <= $_as_of) AND e_73.role = 'part' }) AS acting_29
  WITH collect(CASE WHEN acting_29 THEN d END) AS alone_30, collect(CASE WHEN NOT acting_29 THEN d END) AS quiet_31
  WITH CASE WHEN size(quiet_31) > 4 THEN alone_30 ELSE alone_30 + quiet_31 END AS few_32, CASE WHEN size(quiet_31) > 4 THEN quiet_31 ELSE [] END AS many_33
  CALL (few_32, many_33) {
    UNWIND few_32 AS d
    CALL (d) {
      UNWIND [d] + COLLECT { MATCH (p_69:Phase)-[:PHASE_OF]->(d) WHERE p_69.kind IN ['name', 'made'] RETURN p_69 } AS s_60
      CALL (s_60) {
        MATCH (s_60) (()<-[r_70:FLOW WHERE (r_70.t IS NULL OR r_70.t <= $_as_of)]-())* (a_61)
        RETURN DISTINCT a_61
      }
      WITH DISTINCT a_61
      MATCH (a_61)<-[e_62:FLOW]-(b_63) WHERE (e_62.t IS NULL OR e_62.t <= $_as_of) AND e_62.step = 1 AND (coalesce(b_63.of, b_63.id) <> d.id OR NOT (d:Activity OR EXISTS { (d)-[e_64:USED|WAS_INFORMED_BY]->() WHERE (e_64.t IS NULL OR e_64.t <= $_as_of) } OR EXISTS { (d)<-[e_65:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_65.t IS NULL OR e_65.t <= $_as_of) } OR EXISTS { (d)-[e_66:PART_OF]-() WHERE (e_66.t IS NULL OR e_66.t <= $_as_of) AND e_66.role = 'part' })) AND CASE WHEN b_63.kind IS NULL THEN COLLECT { MATCH (b_63)<-[:PHASE_OF]-(h_67:Phase) WHERE h_67.kind = 'made' AND (h_67.t >= 4611686018427387904 OR h_67.t <= $_as_of) RETURN h_67.key ORDER BY h_67.t DESC, h_67.w DESC, h_67.n DESC LIMIT 1 }[0] IS NULL WHEN b_63.kind = 'made' THEN b_63.key = COLLECT { MATCH (b_63)-[:PHASE_OF]->(o_68) MATCH (o_68)<-[:PHASE_OF]-(h_67:Phase) WHERE h_67.kind = 'made' AND (h_67.t >= 4611686018427387904 OR h_67.t <= $_as_of) RETURN h_67.key ORDER BY h_67.t DESC, h_67.w DESC, h_67.n DESC LIMIT 1 }[0] ELSE true END
      RETURN DISTINCT coalesce(b_63.of, b_63.id) AS id_17
    }
    RETURN DISTINCT id_17
    UNION
    UNWIND many_33 AS d
    UNWIND [d] + COLLECT { MATCH (p_54:Phase)-[:PHASE_OF]->(d) WHERE p_54.kind IN ['name', 'made'] RETURN p_54 } AS n_36
    WITH collect(DISTINCT n_36) AS level_37
    CALL (level_37) {
      UNWIND level_37 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_38
    }
    CALL (level_38) {
      UNWIND level_38 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_39
    }
    CALL (level_39) {
      UNWIND level_39 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_40
    }
    CALL (level_40) {
      UNWIND level_40 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_41
    }
    CALL (level_41) {
      UNWIND level_41 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_42
    }
    CALL (level_42) {
      UNWIND level_42 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_43
    }
    CALL (level_43) {
      UNWIND level_43 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_44
    }
    CALL (level_44) {
      UNWIND level_44 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_45
    }
    CALL (level_45) {
      UNWIND level_45 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_46
    }
    CALL (level_46) {
      UNWIND level_46 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_47
    }
    CALL (level_47) {
      UNWIND level_47 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_48
    }
    CALL (level_48) {
      UNWIND level_48 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_49
    }
    CALL (level_49) {
      UNWIND level_49 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_50
    }
    CALL (level_50) {
      UNWIND level_50 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_51
    }
    CALL (level_51) {
      UNWIND level_51 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_52
    }
    CALL (level_52) {
      UNWIND level_52 AS n_36
      MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of)
      RETURN collect(DISTINCT b_34) AS level_53
    }
    CALL (level_53) {
      UNWIND level_53 AS n_36
      CALL (n_36) {
        MATCH (n_36) (()<-[r_57:FLOW WHERE (r_57.t IS NULL OR r_57.t <= $_as_of)]-())* (deep_56)
        RETURN DISTINCT deep_56
      }
      RETURN collect(DISTINCT deep_56) AS rest_55
    }
    UNWIND level_37 + level_38 + level_39 + level_40 + level_41 + level_42 + level_43 + level_44 + level_45 + level_46 + level_47 + level_48 + level_49 + level_50 + level_51 + level_52 + rest_55 AS n_36
    WITH DISTINCT n_36
    MATCH (n_36)<-[e_35:FLOW]-(b_34) WHERE (e_35.t IS NULL OR e_35.t <= $_as_of) AND e_35.step = 1 AND CASE WHEN b_34.kind IS NULL THEN COLLECT { MATCH (b_34)<-[:PHASE_OF]-(h_58:Phase) WHERE h_58.kind = 'made' AND (h_58.t >= 4611686018427387904 OR h_58.t <= $_as_of) RETURN h_58.key ORDER BY h_58.t DESC, h_58.w DESC, h_58.n DESC LIMIT 1 }[0] IS NULL WHEN b_34.kind = 'made' THEN b_34.key = COLLECT { MATCH (b_34)-[:PHASE_OF]->(o_59) MATCH (o_59)<-[:PHASE_OF]-(h_58:Phase) WHERE h_58.kind = 'made' AND (h_58.t >= 4611686018427387904 OR h_58.t <= $_as_of) RETURN h_58.key ORDER BY h_58.t DESC, h_58.w DESC, h_58.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_34.of, b_34.id) AS id_17
  }
  WITH DISTINCT id_17
  MATCH (y:Resource {id: id_17})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_74
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_75
UNWIND rows_75[0..1] AS row_76
WITH y, row_76.depth AS depth, row_76.via AS via
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [y] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_78
  CALL (row_78) {
    WITH row_78 WHERE row_78.name IS NOT NULL
    RETURN coalesce(row_78.long_name, row_78.name) AS v_, row_78.name_t AS t_, row_78.name_w AS w_, row_78.name_n AS n_
    UNION ALL
    MATCH (row_78)<-[:PAST_OF]-(past_79:Past {key: 'name'})
    RETURN past_79.value AS v_, past_79.t AS t_, past_79.w AS w_, past_79.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, [m_ IN [y.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.end_w IS NULL OR y.ended_at <= $_as_of THEN CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_80
  UNWIND [{t: row_80.ended_at, goes_on: row_80.outcome = 'resumed'}] + COLLECT { MATCH (row_80)<-[:PAST_OF]-(past_81:Past {key: 'end'}) RETURN {t: past_81.t, goes_on: past_81.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
WITH x, seeds, true AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_7:PART_OF WHERE r_7.role = $_k1]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:PART_OF]-(b) WHERE e.role = $_k1
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, [] AS near, collect(elementId(b)) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_14:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_14)-[:FLOW]->() } AND (p_14.kind IN ['fin', 'input'] OR p_14.kind = 'made') RETURN p_14 ORDER BY p_14.kind = 'fin' DESC, p_14.kind = 'input' DESC, p_14.t DESC, p_14.w DESC, p_14.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_15:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_16:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_17:PART_OF]-() WHERE e_17.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_18:FLOW]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
CALL (x) {
  WITH *, x AS a
  WITH *, $_k0 AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_4:Series)
      MATCH (a_4)-[:HAS_POINTS]->(b_5:Points)
      WITH a_4, b_5.t AS times_, b_5.step AS steps_, b_5.value AS values_, b_5.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_6
      WITH a_4, times_[i_6] AS at_, steps_[i_6] AS step_, values_[i_6] AS value_, sections_[i_6] AS section_
      RETURN DISTINCT 1 AS i_6
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_8) AS id_9
  MATCH (a:Resource {id: id_9})
  WITH *, $_c_8[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_11:Series)
      MATCH (a_11)-[:HAS_POINTS]->(b_12:Points)
      WITH a_11, b_12.t AS times_, b_12.step AS steps_, b_12.value AS values_, b_12.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_13
      WITH a_11, times_[i_13] AS at_, steps_[i_13] AS step_, values_[i_13] AS value_, sections_[i_13] AS section_
      RETURN DISTINCT 1 AS i_13
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_19) AS id_20
  MATCH (a:Resource {id: id_20})
  WITH *, $_c_19[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_22:Series)
      MATCH (a_22)-[:HAS_POINTS]->(b_23:Points)
      WITH a_22, b_23.t AS times_, b_23.step AS steps_, b_23.value AS values_, b_23.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_24
      WITH a_22, times_[i_24] AS at_, steps_[i_24] AS step_, values_[i_24] AS value_, sections_[i_24] AS section_
      RETURN DISTINCT 1 AS i_24
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_25
WITH rows_25, rows_25[0] AS last_27
UNWIND rows_25[0..1] + [row_26 IN rows_25[1..] WHERE coalesce(row_26.depth = last_27.depth OR row_26.depth IS NULL AND last_27.depth IS NULL, false)] AS row_26
WITH row_26.depth AS depth, row_26.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_29:Series)
  MATCH (a_29)-[:HAS_POINTS]->(b_30:Points)
  WITH a_29, b_30.t AS times_, b_30.step AS steps_, b_30.value AS values_, b_30.section AS sections_
  UNWIND range(0, size(times_) - 1) AS i_31
  WITH a_29, times_[i_31] AS at_, steps_[i_31] AS step_, values_[i_31] AS value_, sections_[i_31] AS section_
  RETURN DISTINCT CASE WHEN abs(step_) <= 9007199254740992 AND step_ = toInteger(step_) THEN toInteger(step_) ELSE step_ END AS step, a_29.name AS name, a_29.labels AS context, CASE WHEN isNaN(value_) THEN null ELSE value_ + 0.0 END AS value, CASE WHEN isNaN(value_) THEN 1 ELSE 0 END AS `nan`, at_ AS at
}
WITH DISTINCT step AS col_step, name AS col_name, context AS col_context, value AS col_value, at AS col_at, coalesce(a.long_id, a.id) AS col_activity, coalesce(a.long_name, a.name) AS col_activity_name, `nan` AS col_nan
ORDER BY col_name, col_context, col_activity_name, col_activity, col_step, col_at, col_value, col_nan
LIMIT $_limit
RETURN collect([col_step, col_name, col_context, col_value, col_at, col_activity, col_activity_name, col_nan]);

MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
WITH x, seeds, true AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_1:PART_OF WHERE r_1.role = $_k1]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:PART_OF]-(b) WHERE e.role = $_k1
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, [] AS near, collect(elementId(b)) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made') RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_2:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_3:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_4:PART_OF]-() WHERE e_4.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_5:FLOW]->())* (a)
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
  UNWIND keys($_c_7) AS id_8
  MATCH (a:Resource {id: id_8})
  WITH *, $_c_7[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_10:Series)
      MATCH (a_10)-[:HAS_POINTS]->(b_11:Points)
      WITH a_10, b_11.t AS times_, b_11.step AS steps_, b_11.value AS values_, b_11.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_12
      WITH a_10, times_[i_12] AS at_, steps_[i_12] AS step_, values_[i_12] AS value_, sections_[i_12] AS section_
      RETURN DISTINCT 1 AS i_12
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_13) AS id_14
  MATCH (a:Resource {id: id_14})
  WITH *, $_c_13[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_16:Series)
      MATCH (a_16)-[:HAS_POINTS]->(b_17:Points)
      WITH a_16, b_17.t AS times_, b_17.step AS steps_, b_17.value AS values_, b_17.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_18
      WITH a_16, times_[i_18] AS at_, steps_[i_18] AS step_, values_[i_18] AS value_, sections_[i_18] AS section_
      RETURN DISTINCT 1 AS i_18
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_19
WITH rows_19, rows_19[0] AS last_21
UNWIND rows_19[0..1] + [row_20 IN rows_19[1..] WHERE coalesce(row_20.depth = last_21.depth OR row_20.depth IS NULL AND last_21.depth IS NULL, false)] AS row_20
WITH row_20.depth AS depth, row_20.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_23:Series)
  MATCH (a_23)-[:HAS_POINTS]->(b_24:Points)
  WITH a_23, b_24.t AS times_, b_24.step AS steps_, b_24.value AS values_, b_24.section AS sections_
  UNWIND range(0, size(times_) - 1) AS i_25
  WITH a_23, times_[i_25] AS at_, steps_[i_25] AS step_, values_[i_25] AS value_, sections_[i_25] AS section_
  RETURN DISTINCT CASE WHEN abs(step_) <= 9007199254740992 AND step_ = toInteger(step_) THEN toInteger(step_) ELSE step_ END AS step, a_23.name AS name, a_23.labels AS context, CASE WHEN isNaN(value_) THEN null ELSE value_ + 0.0 END AS value, CASE WHEN isNaN(value_) THEN 1 ELSE 0 END AS `nan`, at_ AS at
}
WITH DISTINCT step AS col_step, name AS col_name, context AS col_context, value AS col_value, at AS col_at, coalesce(a.long_id, a.id) AS col_activity, coalesce(a.long_name, a.name) AS col_activity_name, `nan` AS col_nan
ORDER BY col_name, col_context, col_activity_name, col_activity, col_step, col_at, col_value, col_nan
LIMIT $_limit
RETURN collect([col_step, col_name, col_context, col_value, col_at, col_activity, col_activity_name, col_nan]);

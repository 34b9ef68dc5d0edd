MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
WITH x, seeds, true AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_9:PART_OF WHERE (r_9.t IS NULL OR r_9.t <= $_as_of) AND r_9.role = $_k2]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:PART_OF]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of) AND e.role = $_k2
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, [] AS near, collect(elementId(b)) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_16:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_16)-[:FLOW]->() } AND (p_16.kind IN ['fin', 'input'] OR p_16.kind = 'made' AND (p_16.t >= 4611686018427387904 OR p_16.t <= $_as_of)) RETURN p_16 ORDER BY p_16.kind = 'fin' DESC, p_16.kind = 'input' DESC, p_16.t DESC, p_16.w DESC, p_16.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_17:USED|WAS_INFORMED_BY]->() WHERE (e_17.t IS NULL OR e_17.t <= $_as_of) } OR EXISTS { (x)<-[e_18:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_18.t IS NULL OR e_18.t <= $_as_of) } OR EXISTS { (x)-[e_19:PART_OF]-() WHERE (e_19.t IS NULL OR e_19.t <= $_as_of) AND e_19.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_20:FLOW WHERE (r_20.t IS NULL OR r_20.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
CALL (x) {
  WITH *, x AS a
  WITH *, $_k1 AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_6:Series)
      MATCH (a_6)-[:HAS_POINTS]->(b_7:Points)
      WITH a_6, b_7.t AS times_, b_7.step AS steps_, b_7.value AS values_, b_7.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_8
      WITH a_6, times_[i_8] AS at_, steps_[i_8] AS step_, values_[i_8] AS value_, sections_[i_8] AS section_
      WHERE (at_ IS NULL OR at_ <= $_as_of)
      RETURN DISTINCT 1 AS i_8
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_10) AS id_11
  MATCH (a:Resource {id: id_11})
  WITH *, $_c_10[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_13:Series)
      MATCH (a_13)-[:HAS_POINTS]->(b_14:Points)
      WITH a_13, b_14.t AS times_, b_14.step AS steps_, b_14.value AS values_, b_14.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_15
      WITH a_13, times_[i_15] AS at_, steps_[i_15] AS step_, values_[i_15] AS value_, sections_[i_15] AS section_
      WHERE (at_ IS NULL OR at_ <= $_as_of)
      RETURN DISTINCT 1 AS i_15
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_21) AS id_22
  MATCH (a:Resource {id: id_22})
  WITH *, $_c_21[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_24:Series)
      MATCH (a_24)-[:HAS_POINTS]->(b_25:Points)
      WITH a_24, b_25.t AS times_, b_25.step AS steps_, b_25.value AS values_, b_25.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_26
      WITH a_24, times_[i_26] AS at_, steps_[i_26] AS step_, values_[i_26] AS value_, sections_[i_26] AS section_
      WHERE (at_ IS NULL OR at_ <= $_as_of)
      RETURN DISTINCT 1 AS i_26
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_27
WITH rows_27, rows_27[0] AS last_29
UNWIND rows_27[0..1] + [row_28 IN rows_27[1..] WHERE coalesce(row_28.depth = last_29.depth OR row_28.depth IS NULL AND last_29.depth IS NULL, false)] AS row_28
WITH row_28.depth AS depth, row_28.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_31:Series)
  MATCH (a_31)-[:HAS_POINTS]->(b_32:Points)
  WITH a_31, b_32.t AS times_, b_32.step AS steps_, b_32.value AS values_, b_32.section AS sections_
  UNWIND range(0, size(times_) - 1) AS i_33
  WITH a_31, times_[i_33] AS at_, steps_[i_33] AS step_, values_[i_33] AS value_, sections_[i_33] AS section_
  WHERE (at_ IS NULL OR at_ <= $_as_of)
  RETURN DISTINCT CASE WHEN abs(step_) <= 9007199254740992 AND step_ = toInteger(step_) THEN toInteger(step_) ELSE step_ END AS step, a_31.name AS name, a_31.labels AS context, CASE WHEN isNaN(value_) THEN null ELSE value_ + 0.0 END AS value, CASE WHEN isNaN(value_) THEN 1 ELSE 0 END AS `nan`, at_ AS at
}
WITH DISTINCT step AS col_step, name AS col_name, context AS col_context, value AS col_value, at AS col_at, coalesce(a.long_id, a.id) AS col_activity, [l_ IN [a] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [a] WHERE r_.ctx IS NOT NULL] AS row_34
  CALL (row_34) {
    WITH row_34 WHERE row_34.name IS NOT NULL
    RETURN coalesce(row_34.long_name, row_34.name) AS v_, row_34.name_t AS t_, row_34.name_w AS w_, row_34.name_n AS n_
    UNION ALL
    MATCH (row_34)<-[:PAST_OF]-(past_35:Past {key: 'name'})
    RETURN past_35.value AS v_, past_35.t AS t_, past_35.w AS w_, past_35.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_activity_name, `nan` AS col_nan
ORDER BY col_name, col_context, col_activity_name, col_activity, col_step, col_at, col_value, col_nan
LIMIT $_limit
RETURN collect([col_step, col_name, col_context, col_value, col_at, col_activity, col_activity_name, col_nan]);

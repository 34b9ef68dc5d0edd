MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
WITH x, seeds, true AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_1:PART_OF WHERE r_1.ctx IN $_contexts AND r_1.role = $_k2]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:PART_OF]-(b) WHERE e.ctx IN $_contexts AND e.role = $_k2
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, [] AS near, collect(elementId(b)) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made' AND EXISTS { (p_1)-[f_2:FLOW]->() WHERE f_2.ctx <> 0 AND f_2.ctx IN $_contexts }) RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_3:Facet) RETURN facet_3 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() WHERE e_4.ctx IN $_contexts } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_5.ctx IN $_contexts } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.ctx IN $_contexts AND e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW WHERE r_7.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
CALL (x) {
  WITH *, x AS a
  WITH *, $_k1 AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_6:Series)
      WHERE a_6.ctx IN $_contexts
      MATCH (a_6)-[:HAS_POINTS]->(b_7:Points)
      WITH a_6, b_7.t AS times_, b_7.step AS steps_, b_7.value AS values_, b_7.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_8
      WITH a_6, times_[i_8] AS at_, steps_[i_8] AS step_, values_[i_8] AS value_, sections_[i_8] AS section_
      RETURN DISTINCT 1 AS i_8
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_9) AS id_10
  MATCH (a:Resource {id: id_10})
  WITH *, $_c_9[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_12:Series)
      WHERE a_12.ctx IN $_contexts
      MATCH (a_12)-[:HAS_POINTS]->(b_13:Points)
      WITH a_12, b_13.t AS times_, b_13.step AS steps_, b_13.value AS values_, b_13.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_14
      WITH a_12, times_[i_14] AS at_, steps_[i_14] AS step_, values_[i_14] AS value_, sections_[i_14] AS section_
      RETURN DISTINCT 1 AS i_14
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_15) AS id_16
  MATCH (a:Resource {id: id_16})
  WITH *, $_c_15[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_18:Series)
      WHERE a_18.ctx IN $_contexts
      MATCH (a_18)-[:HAS_POINTS]->(b_19:Points)
      WITH a_18, b_19.t AS times_, b_19.step AS steps_, b_19.value AS values_, b_19.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_20
      WITH a_18, times_[i_20] AS at_, steps_[i_20] AS step_, values_[i_20] AS value_, sections_[i_20] AS section_
      RETURN DISTINCT 1 AS i_20
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_21
WITH rows_21, rows_21[0] AS last_23
UNWIND rows_21[0..1] + [row_22 IN rows_21[1..] WHERE coalesce(row_22.depth = last_23.depth OR row_22.depth IS NULL AND last_23.depth IS NULL, false)] AS row_22
WITH row_22.depth AS depth, row_22.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_25:Series)
  WHERE a_25.ctx IN $_contexts
  MATCH (a_25)-[:HAS_POINTS]->(b_26:Points)
  WITH a_25, b_26.t AS times_, b_26.step AS steps_, b_26.value AS values_, b_26.section AS sections_
  UNWIND range(0, size(times_) - 1) AS i_27
  WITH a_25, times_[i_27] AS at_, steps_[i_27] AS step_, values_[i_27] AS value_, sections_[i_27] AS section_
  RETURN DISTINCT CASE WHEN abs(step_) <= 9007199254740992 AND step_ = toInteger(step_) THEN toInteger(step_) ELSE step_ END AS step, a_25.name AS name, a_25.labels AS context, CASE WHEN isNaN(value_) THEN null ELSE value_ + 0.0 END AS value, CASE WHEN isNaN(value_) THEN 1 ELSE 0 END AS `nan`, at_ AS at
}
WITH *, [r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_29:Facet) RETURN facet_29 } WHERE r_.ctx IN $_contexts] AS rows_28
WITH DISTINCT step AS col_step, name AS col_name, context AS col_context, value AS col_value, at AS col_at, coalesce(a.long_id, a.id) AS col_activity, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_28 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_activity_name, `nan` AS col_nan
ORDER BY col_name, col_context, col_activity_name, col_activity, col_step, col_at, col_value, col_nan
LIMIT $_limit
RETURN collect([col_step, col_name, col_context, col_value, col_at, col_activity, col_activity_name, col_nan]);

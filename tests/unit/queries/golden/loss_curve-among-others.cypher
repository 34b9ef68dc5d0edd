MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
WITH x, seeds, true AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_9:PART_OF WHERE r_9.ctx IN $_contexts AND r_9.role = $_k2]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:PART_OF]-(b) WHERE e.ctx IN $_contexts AND e.role = $_k2
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, [] AS near, collect(elementId(b)) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_16:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_16)-[:FLOW]->() } AND (p_16.kind IN ['fin', 'input'] OR p_16.kind = 'made' AND EXISTS { (p_16)-[f_17:FLOW]->() WHERE f_17.ctx <> 0 AND f_17.ctx IN $_contexts }) RETURN p_16 ORDER BY p_16.kind = 'fin' DESC, p_16.kind = 'input' DESC, p_16.t DESC, p_16.w DESC, p_16.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_19:USED|WAS_INFORMED_BY]->() WHERE e_19.ctx IN $_contexts } OR EXISTS { (x)<-[e_20:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_20.ctx IN $_contexts } OR EXISTS { (x)-[e_21:PART_OF]-() WHERE e_21.ctx IN $_contexts AND e_21.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_22:FLOW WHERE r_22.ctx IN $_contexts]->())* (a)
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
  UNWIND keys($_c_10) AS id_11
  MATCH (a:Resource {id: id_11})
  WITH *, $_c_10[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_13:Series)
      WHERE a_13.ctx IN $_contexts
      MATCH (a_13)-[:HAS_POINTS]->(b_14:Points)
      WITH a_13, b_14.t AS times_, b_14.step AS steps_, b_14.value AS values_, b_14.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_15
      WITH a_13, times_[i_15] AS at_, steps_[i_15] AS step_, values_[i_15] AS value_, sections_[i_15] AS section_
      RETURN DISTINCT 1 AS i_15
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_23) AS id_24
  MATCH (a:Resource {id: id_24})
  WITH *, $_c_23[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_26:Series)
      WHERE a_26.ctx IN $_contexts
      MATCH (a_26)-[:HAS_POINTS]->(b_27:Points)
      WITH a_26, b_27.t AS times_, b_27.step AS steps_, b_27.value AS values_, b_27.section AS sections_
      UNWIND range(0, size(times_) - 1) AS i_28
      WITH a_26, times_[i_28] AS at_, steps_[i_28] AS step_, values_[i_28] AS value_, sections_[i_28] AS section_
      RETURN DISTINCT 1 AS i_28
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_29
WITH rows_29, rows_29[0] AS last_31
UNWIND rows_29[0..1] + [row_30 IN rows_29[1..] WHERE coalesce(row_30.depth = last_31.depth OR row_30.depth IS NULL AND last_31.depth IS NULL, false)] AS row_30
WITH row_30.depth AS depth, row_30.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_33:Series)
  WHERE a_33.ctx IN $_contexts
  MATCH (a_33)-[:HAS_POINTS]->(b_34:Points)
  WITH a_33, b_34.t AS times_, b_34.step AS steps_, b_34.value AS values_, b_34.section AS sections_
  UNWIND range(0, size(times_) - 1) AS i_35
  WITH a_33, times_[i_35] AS at_, steps_[i_35] AS step_, values_[i_35] AS value_, sections_[i_35] AS section_
  RETURN DISTINCT CASE WHEN abs(step_) <= 9007199254740992 AND step_ = toInteger(step_) THEN toInteger(step_) ELSE step_ END AS step, a_33.name AS name, a_33.labels AS context, CASE WHEN isNaN(value_) THEN null ELSE value_ + 0.0 END AS value, CASE WHEN isNaN(value_) THEN 1 ELSE 0 END AS `nan`, at_ AS at
}
WITH *, [r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_37:Facet) RETURN facet_37 } WHERE r_.ctx IN $_contexts] AS rows_36
WITH DISTINCT step AS col_step, name AS col_name, context AS col_context, value AS col_value, at AS col_at, coalesce(a.long_id, a.id) AS col_activity, [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_36 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0] AS col_activity_name, `nan` AS col_nan
ORDER BY col_name, col_context, col_activity_name, col_activity, col_step, col_at, col_value, col_nan
LIMIT $_limit
RETURN collect([col_step, col_name, col_context, col_value, col_at, col_activity, col_activity_name, col_nan]);

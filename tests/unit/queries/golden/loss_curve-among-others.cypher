MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, true AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_9:PART_OF WHERE r_9.ctx IN $_contexts AND r_9.role = $_k2]-())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)<-[e:PART_OF]-(b) WHERE e.ctx IN $_contexts AND e.role = $_k2
  RETURN elementId(a) AS source, elementId(b) AS target, 1 AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_16:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_16)-[:FLOW]->() } AND (p_16.kind IN ['fin', 'input'] OR p_16.kind = 'made' AND EXISTS { (p_16)-[f_17:FLOW]->() WHERE f_17.ctx <> 0 AND f_17.ctx IN $_contexts }) RETURN p_16 ORDER BY p_16.kind = 'fin' DESC, p_16.kind = 'input' DESC, p_16.t DESC, p_16.w DESC, p_16.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_20:Facet) RETURN facet_20 } AS row_19 WITH row_19 WHERE row_19.ctx IN $_contexts AND 'Activity' IN row_19.kinds RETURN 1 } OR EXISTS { (x)-[e_21:USED|WAS_INFORMED_BY]->() WHERE e_21.ctx IN $_contexts } OR EXISTS { (x)<-[e_22:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_22.ctx IN $_contexts } OR EXISTS { (x)-[e_23:PART_OF]-() WHERE e_23.ctx IN $_contexts AND e_23.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_18:FLOW WHERE r_18.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } AS row_1 WITH row_1 WHERE row_1.ctx IN $_contexts RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE e_3.ctx IN $_contexts })
CALL (x) {
  WITH *, x AS a
  WITH *, $_k1 AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_6:Series)
      WHERE a_6.ctx IN $_contexts
      MATCH (a_6)-[:HAS_POINTS]->(b_7:Points)
      UNWIND range(0, size(b_7.t) - 1) AS i_8
      WITH a_6, b_7, i_8
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
      UNWIND range(0, size(b_14.t) - 1) AS i_15
      WITH a_13, b_14, i_15
      RETURN DISTINCT 1 AS i_15
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_24) AS id_25
  MATCH (a:Resource {id: id_25})
  WITH *, $_c_24[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_27:Series)
      WHERE a_27.ctx IN $_contexts
      MATCH (a_27)-[:HAS_POINTS]->(b_28:Points)
      UNWIND range(0, size(b_28.t) - 1) AS i_29
      WITH a_27, b_28, i_29
      RETURN DISTINCT 1 AS i_29
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_30
WITH rows_30, rows_30[0] AS last_32
UNWIND rows_30[0..1] + [row_31 IN rows_30[1..] WHERE coalesce(row_31.depth = last_32.depth OR row_31.depth IS NULL AND last_32.depth IS NULL, false)] AS row_31
WITH row_31.depth AS depth, row_31.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_34:Series)
  WHERE a_34.ctx IN $_contexts
  MATCH (a_34)-[:HAS_POINTS]->(b_35:Points)
  UNWIND range(0, size(b_35.t) - 1) AS i_36
  WITH a_34, b_35, i_36
  RETURN DISTINCT b_35.step[i_36] AS step, a_34.name AS name, a_34.labels AS context, CASE WHEN isNaN(b_35.value[i_36]) THEN null ELSE b_35.value[i_36] END AS value, CASE WHEN isNaN(b_35.value[i_36]) THEN 1 ELSE 0 END AS `nan`, b_35.t[i_36] AS at
}
RETURN DISTINCT step AS step, name AS name, context AS context, value AS value, at AS at, coalesce(a.long_id, a.id) AS activity, COLLECT {
  UNWIND [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_39:Facet) RETURN facet_39 } AS row_37
  WITH row_37 WHERE row_37.ctx IN $_contexts AND row_37.name IS NOT NULL
  WITH coalesce(row_37.long_name, row_37.name) AS v_, row_37.name_t AS t_, row_37.name_w AS w_, row_37.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0] AS activity_name, `nan` AS `nan`
ORDER BY name, context, activity_name, activity, step, at, value, `nan`
LIMIT $_limit;

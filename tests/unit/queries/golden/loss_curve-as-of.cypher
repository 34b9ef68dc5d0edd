MATCH (x:Resource {id: $_root})
WITH x, [x] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, true AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_10:PART_OF WHERE (r_10.t IS NULL OR r_10.t <= $_as_of) AND r_10.role = $_k2]-())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)<-[e:PART_OF]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of) AND e.role = $_k2
  RETURN elementId(a) AS source, elementId(b) AS target, 1 AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_17:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_17)-[:FLOW]->() } AND (p_17.kind IN ['fin', 'input'] OR p_17.kind = 'made' AND (p_17.t >= 4611686018427387904 OR p_17.t <= $_as_of)) RETURN p_17 ORDER BY p_17.kind = 'fin' DESC, p_17.kind = 'input' DESC, p_17.t DESC, p_17.w DESC, p_17.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_19:USED|WAS_INFORMED_BY]->() WHERE (e_19.t IS NULL OR e_19.t <= $_as_of) } OR EXISTS { (x)<-[e_20:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_20.t IS NULL OR e_20.t <= $_as_of) } OR EXISTS { (x)-[e_21:PART_OF]-() WHERE (e_21.t IS NULL OR e_21.t <= $_as_of) AND e_21.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_18:FLOW WHERE (r_18.t IS NULL OR r_18.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND (row_1.started_at <= $_as_of OR row_1.name_t <= $_as_of) RETURN 1 } OR (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL RETURN 1 } AND NOT EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND coalesce(row_1.started_at, row_1.name_t) IS NOT NULL RETURN 1 }) OR EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) } OR EXISTS { (x)-[e_4:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) })
CALL (x) {
  WITH *, x AS a
  WITH *, $_k1 AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_7:Series)
      MATCH (a_7)-[:HAS_POINTS]->(b_8:Points)
      UNWIND range(0, size(b_8.t) - 1) AS i_9
      WITH a_7, b_8, i_9
      WHERE (b_8.t[i_9] IS NULL OR b_8.t[i_9] <= $_as_of)
      RETURN DISTINCT 1 AS i_9
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_11) AS id_12
  MATCH (a:Resource {id: id_12})
  WITH *, $_c_11[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_14:Series)
      MATCH (a_14)-[:HAS_POINTS]->(b_15:Points)
      UNWIND range(0, size(b_15.t) - 1) AS i_16
      WITH a_14, b_15, i_16
      WHERE (b_15.t[i_16] IS NULL OR b_15.t[i_16] <= $_as_of)
      RETURN DISTINCT 1 AS i_16
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
  UNION
  UNWIND keys($_c_22) AS id_23
  MATCH (a:Resource {id: id_23})
  WITH *, $_c_22[a.id][0] AS depth
  WHERE EXISTS {
    CALL (a) {
      MATCH (a)-[:HAS_SERIES]->(a_25:Series)
      MATCH (a_25)-[:HAS_POINTS]->(b_26:Points)
      UNWIND range(0, size(b_26.t) - 1) AS i_27
      WITH a_25, b_26, i_27
      WHERE (b_26.t[i_27] IS NULL OR b_26.t[i_27] <= $_as_of)
      RETURN DISTINCT 1 AS i_27
    }
    RETURN 1
  }
  RETURN DISTINCT a AS a, depth AS depth
}
WITH DISTINCT a, depth
ORDER BY depth
WITH collect({depth: depth, a: a}) AS rows_28
WITH rows_28, rows_28[0] AS last_30
UNWIND rows_28[0..1] + [row_29 IN rows_28[1..] WHERE coalesce(row_29.depth = last_30.depth OR row_29.depth IS NULL AND last_30.depth IS NULL, false)] AS row_29
WITH row_29.depth AS depth, row_29.a AS a
CALL (a) {
  MATCH (a)-[:HAS_SERIES]->(a_32:Series)
  MATCH (a_32)-[:HAS_POINTS]->(b_33:Points)
  UNWIND range(0, size(b_33.t) - 1) AS i_34
  WITH a_32, b_33, i_34
  WHERE (b_33.t[i_34] IS NULL OR b_33.t[i_34] <= $_as_of)
  RETURN DISTINCT b_33.step[i_34] AS step, a_32.name AS name, a_32.labels AS context, CASE WHEN isNaN(b_33.value[i_34]) THEN null ELSE b_33.value[i_34] END AS value, CASE WHEN isNaN(b_33.value[i_34]) THEN 1 ELSE 0 END AS `nan`, b_33.t[i_34] AS at
}
RETURN DISTINCT step AS step, name AS name, context AS context, value AS value, at AS at, coalesce(a.long_id, a.id) AS activity, coalesce(COLLECT {
  CALL (a) {
    UNWIND [a] AS row_35
    WITH row_35 WHERE row_35.ctx IS NOT NULL AND row_35.name IS NOT NULL
    RETURN coalesce(row_35.long_name, row_35.name) AS v_, row_35.name_t AS t_, row_35.name_w AS w_, row_35.name_n AS n_
    UNION ALL
    UNWIND [a] AS row_35
    WITH row_35 WHERE row_35.ctx IS NOT NULL
    MATCH (row_35)<-[:PAST_OF]-(past_36:Past {key: 'name'})
    RETURN past_36.value AS v_, past_36.t AS t_, past_36.w AS w_, past_36.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], COLLECT {
  UNWIND [a] AS row_35
  WITH row_35 WHERE row_35.ctx IS NOT NULL AND row_35.name IS NOT NULL
  WITH coalesce(row_35.long_name, row_35.name) AS v_, row_35.name_t AS t_, row_35.name_w AS w_, row_35.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0]) AS activity_name, `nan` AS `nan`
ORDER BY name, context, activity_name, activity, step, at, value, `nan`
LIMIT $_limit;

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
MATCH (a)-[e_4:PART_OF]->(x)
WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) AND e_4.role IN $_k1
OPTIONAL CALL (x, a) {
  MATCH (a)-[e_5:USED]->(d)
  WHERE (e_5.t IS NULL OR e_5.t <= $_as_of)
  WITH *, e_5.role AS role
  WHERE coalesce(d:Dataset|LearningDataset, false)
  RETURN DISTINCT d, role
}
WITH *, (role + $_k2 + COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_7
  UNWIND row_7.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k3
  WITH [j_ IN [substring(fact_, size($_k3), size(fact_) - size($_k3) - 1)] | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS value_6
  RETURN value_6 ORDER BY value_6 LIMIT 1
}[0]) AS sort
WITH DISTINCT a, d, sort
WITH a, sort, d, sort AS x_14, coalesce(d.long_id, d.id) AS x_15, [x_ IN [toFloat(CASE WHEN a.end_w IS NULL OR a.ended_at <= $_as_of THEN CASE WHEN a.outcome = 'resumed' THEN null ELSE a.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [a] WHERE r_.ctx IS NOT NULL] AS row_8
  UNWIND [{t: row_8.ended_at, goes_on: row_8.outcome = 'resumed'}] + COLLECT { MATCH (row_8)<-[:PAST_OF]-(past_9:Past {key: 'end'}) RETURN {t: past_9.t, goes_on: past_9.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END) - toFloat([m_ IN [a.started_at] WHERE m_ <= $_as_of][0])] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN CASE WHEN a.end_w IS NULL OR a.ended_at <= $_as_of THEN CASE WHEN a.outcome = 'resumed' THEN null ELSE a.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [a] WHERE r_.ctx IS NOT NULL] AS row_8
  UNWIND [{t: row_8.ended_at, goes_on: row_8.outcome = 'resumed'}] + COLLECT { MATCH (row_8)<-[:PAST_OF]-(past_9:Past {key: 'end'}) RETURN {t: past_9.t, goes_on: past_9.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END - [m_ IN [a.started_at] WHERE m_ <= $_as_of][0] + 0 ELSE x_ END][0] AS x_16, COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_11
  UNWIND row_11.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k4 AND substring(fact_, size($_k4)) =~ '-?[0-9].*'
  WITH toFloat(substring(fact_, size($_k4))) + 0.0 AS value_10
  RETURN value_10 ORDER BY value_10 LIMIT 1
}[0] AS x_17, [l_ IN [d] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_12
  CALL (row_12) {
    WITH row_12 WHERE row_12.name IS NOT NULL
    RETURN coalesce(row_12.long_name, row_12.name) AS v_, row_12.name_t AS t_, row_12.name_w AS w_, row_12.name_n AS n_
    UNION ALL
    MATCH (row_12)<-[:PAST_OF]-(past_13:Past {key: 'name'})
    RETURN past_13.value AS v_, past_13.t AS t_, past_13.w AS w_, past_13.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS x_18
WITH a, collect(DISTINCT x_14) AS data, count(DISTINCT x_15) AS many, sum(x_16) AS whole, collect(x_17) AS middle, min(x_18) AS least, count(*) AS many_19
WHERE many_19 > 0
WITH a, COLLECT { UNWIND data AS x_ RETURN x_ ORDER BY x_ } AS data, many AS many, whole AS whole, COLLECT { UNWIND middle AS x_ RETURN x_ ORDER BY x_ }[(size(middle) + 1) / 2 - 1] AS middle, least AS least
WHERE (many > $_k5)
WITH DISTINCT coalesce(a.long_id, a.id) AS col_a, data AS col_data, many AS col_many, whole AS col_whole, middle AS col_middle, least AS col_least
ORDER BY col_many IS NULL, col_many DESC, col_a, col_whole, col_middle, col_least
LIMIT $_limit
RETURN collect([col_a, col_data, col_many, col_whole, col_middle, col_least]);

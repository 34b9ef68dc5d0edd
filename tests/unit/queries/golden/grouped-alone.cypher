MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
MATCH (a)-[e_2:PART_OF]->(x)
WHERE e_2.role IN $_k0
OPTIONAL CALL (x, a) {
  MATCH (a)-[e_3:USED]->(d)
  WITH *, e_3.role AS role
  WHERE coalesce(d:Dataset|LearningDataset, false)
  RETURN DISTINCT d, role
}
WITH *, (role + $_k1 + COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_5
  UNWIND row_5.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k2
  WITH [j_ IN [substring(fact_, size($_k2), size(fact_) - size($_k2) - 1)] | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS value_4
  RETURN value_4 ORDER BY value_4 LIMIT 1
}[0]) AS sort
WITH DISTINCT a, d, sort
WITH a, sort, d, sort AS x_8, coalesce(d.long_id, d.id) AS x_9, [x_ IN [toFloat(CASE WHEN a.outcome = 'resumed' THEN null ELSE a.ended_at END) - toFloat(a.started_at)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN CASE WHEN a.outcome = 'resumed' THEN null ELSE a.ended_at END - a.started_at + 0 ELSE x_ END][0] AS x_10, COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_7
  UNWIND row_7.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k3 AND substring(fact_, size($_k3)) =~ '-?[0-9].*'
  WITH toFloat(substring(fact_, size($_k3))) + 0.0 AS value_6
  RETURN value_6 ORDER BY value_6 LIMIT 1
}[0] AS x_11, coalesce(d.long_name, d.name) AS x_12
WITH a, collect(DISTINCT x_8) AS data, count(DISTINCT x_9) AS many, sum(x_10) AS whole, collect(x_11) AS middle, min(x_12) AS least, count(*) AS many_13
WHERE many_13 > 0
WITH a, COLLECT { UNWIND data AS x_ RETURN x_ ORDER BY x_ } AS data, many AS many, whole AS whole, COLLECT { UNWIND middle AS x_ RETURN x_ ORDER BY x_ }[(size(middle) + 1) / 2 - 1] AS middle, least AS least
WHERE (many > $_k4)
WITH DISTINCT coalesce(a.long_id, a.id) AS col_a, data AS col_data, many AS col_many, whole AS col_whole, middle AS col_middle, least AS col_least
ORDER BY col_many IS NULL, col_many DESC, col_a, col_whole, col_middle, col_least
LIMIT $_limit
RETURN collect([col_a, col_data, col_many, col_whole, col_middle, col_least]);

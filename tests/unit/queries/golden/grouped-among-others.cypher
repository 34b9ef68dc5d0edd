MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
MATCH (a)-[e_4:PART_OF]->(x)
WHERE e_4.ctx IN $_contexts AND e_4.role IN $_k1
OPTIONAL CALL (x, a) {
  MATCH (a)-[e_5:USED]->(d)
  WHERE e_5.ctx IN $_contexts
  WITH *, e_5.role AS role
  WHERE (coalesce(d:Dataset|LearningDataset, false) AND any(r_ IN [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_6:Facet) RETURN facet_6 } WHERE r_.ctx IN $_contexts] WHERE any(t_ IN r_.kinds + r_.types WHERE t_ IN $_k2)))
  RETURN DISTINCT d, role
}
WITH *, (role + $_k3 + COLLECT {
  UNWIND [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_9:Facet) RETURN facet_9 } WHERE r_.ctx IN $_contexts] AS row_8
  UNWIND row_8.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k4
  WITH [j_ IN [substring(fact_, size($_k4), size(fact_) - size($_k4) - 1)] | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS value_7
  RETURN value_7 ORDER BY value_7 LIMIT 1
}[0]) AS sort
WITH DISTINCT a, d, sort
WITH a, sort, d, sort AS x_19, coalesce(d.long_id, d.id) AS x_20, [x_ IN [toFloat([rows_10 IN [[r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_11:Facet) RETURN facet_11 } WHERE r_.ctx IN $_contexts]] | [e_ IN [reduce(m_ = null, r_ IN rows_10 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_10 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]][0]) - toFloat([rows_12 IN [[r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_13:Facet) RETURN facet_13 } WHERE r_.ctx IN $_contexts]] | reduce(m_ = null, r_ IN rows_12 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END)][0])] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN [rows_10 IN [[r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_11:Facet) RETURN facet_11 } WHERE r_.ctx IN $_contexts]] | [e_ IN [reduce(m_ = null, r_ IN rows_10 | CASE WHEN m_ IS NULL OR r_.ended_at > m_ THEN r_.ended_at ELSE m_ END)] WHERE NOT coalesce(any(r_ IN rows_10 WHERE r_.ended_at = e_ AND r_.outcome = 'resumed'), false)][0]][0] - [rows_12 IN [[r_ IN [a] + COLLECT { MATCH (a)<-[:FACET_OF]-(facet_13:Facet) RETURN facet_13 } WHERE r_.ctx IN $_contexts]] | reduce(m_ = null, r_ IN rows_12 | CASE WHEN m_ IS NULL OR r_.started_at < m_ THEN r_.started_at ELSE m_ END)][0] + 0 ELSE x_ END][0] AS x_21, COLLECT {
  UNWIND [r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_16:Facet) RETURN facet_16 } WHERE r_.ctx IN $_contexts] AS row_15
  UNWIND row_15.facts AS fact_
  WITH fact_ WHERE fact_ STARTS WITH $_k5 AND substring(fact_, size($_k5)) =~ '-?[0-9].*'
  WITH toFloat(substring(fact_, size($_k5))) + 0.0 AS value_14
  RETURN value_14 ORDER BY value_14 LIMIT 1
}[0] AS x_22, [rows_17 IN [[r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } WHERE r_.ctx IN $_contexts]] | [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_17 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0]][0] AS x_23
WITH a, collect(DISTINCT x_19) AS data, count(DISTINCT x_20) AS many, sum(x_21) AS whole, collect(x_22) AS middle, min(x_23) AS least, count(*) AS many_24
WHERE many_24 > 0
WITH a, COLLECT { UNWIND data AS x_ RETURN x_ ORDER BY x_ } AS data, many AS many, whole AS whole, COLLECT { UNWIND middle AS x_ RETURN x_ ORDER BY x_ }[(size(middle) + 1) / 2 - 1] AS middle, least AS least
WHERE (many > $_k6)
WITH DISTINCT coalesce(a.long_id, a.id) AS col_a, data AS col_data, many AS col_many, whole AS col_whole, middle AS col_middle, least AS col_least
ORDER BY col_many IS NULL, col_many DESC, col_a, col_whole, col_middle, col_least
LIMIT $_limit
RETURN collect([col_a, col_data, col_many, col_whole, col_middle, col_least]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_4:LOCATED_IN WHERE (r_4.t IS NULL OR r_4.t <= $_as_of)]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_5:ABOUT]->(y)
WHERE (e_5.t IS NULL OR e_5.t <= $_as_of)
WITH *, [j_ IN [head(split(head(split(split(e_5.more, $_k1)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS since
WITH *, [j_ IN [head(split(head(split(split(e_5.more, $_k2)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS until
WITH *, [j_ IN [replace(replace(head(split(replace(replace(split(e_5.more, $_k3)[1], '\\\\', '\u0001'), '\\"', '\u0002'), '"')), '\u0002', '\\"'), '\u0001', '\\\\')] WHERE j_ IS NOT NULL | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS by
WHERE (((since IS NULL) OR (until IS NULL) OR (since < until)) AND (($from IS NULL) OR ($to IS NULL) OR ($from < $to)) AND ((since IS NULL) OR ($to IS NULL) OR (since < $to)) AND (($from IS NULL) OR (until IS NULL) OR ($from < until))) AND ([l_ IN [d] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [d] WHERE r_.ctx IS NOT NULL] AS row_6
  CALL (row_6) {
    WITH row_6 WHERE row_6.name IS NOT NULL
    RETURN coalesce(row_6.long_name, row_6.name) AS v_, row_6.name_t AS t_, row_6.name_w AS w_, row_6.name_n AS n_
    UNION ALL
    MATCH (row_6)<-[:PAST_OF]-(past_7:Past {key: 'name'})
    RETURN past_7.value AS v_, past_7.t AS t_, past_7.w AS w_, past_7.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] CONTAINS $_k4)
WITH DISTINCT coalesce(d.long_id, d.id) AS col_d, coalesce(y.long_id, y.id) AS col_y, since AS col_since, until AS col_until, by AS col_by
ORDER BY col_since, col_d, col_y, col_until, col_by
LIMIT $_limit
RETURN collect([col_d, col_y, col_since, col_until, col_by]);

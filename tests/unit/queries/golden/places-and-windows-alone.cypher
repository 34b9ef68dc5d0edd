MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_2:LOCATED_IN]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_3:ABOUT]->(y)
WITH *, [j_ IN [head(split(head(split(split(e_3.more, $_k0)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS since
WITH *, [j_ IN [head(split(head(split(split(e_3.more, $_k1)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS until
WITH *, [j_ IN [replace(replace(head(split(replace(replace(split(e_3.more, $_k2)[1], '\\\\', '\u0001'), '\\"', '\u0002'), '"')), '\u0002', '\\"'), '\u0001', '\\\\')] WHERE j_ IS NOT NULL | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS by
WHERE (((since IS NULL) OR (until IS NULL) OR (since < until)) AND (($from IS NULL) OR ($to IS NULL) OR ($from < $to)) AND ((since IS NULL) OR ($to IS NULL) OR (since < $to)) AND (($from IS NULL) OR (until IS NULL) OR ($from < until))) AND (coalesce(d.long_name, d.name) CONTAINS $_k3)
WITH DISTINCT coalesce(d.long_id, d.id) AS col_d, coalesce(y.long_id, y.id) AS col_y, since AS col_since, until AS col_until, by AS col_by
ORDER BY col_since, col_d, col_y, col_until, col_by
LIMIT $_limit
RETURN collect([col_d, col_y, col_since, col_until, col_by]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
WITH DISTINCT x
CALL (x) {
  MATCH (x) (()<-[r_4:LOCATED_IN WHERE r_4.ctx IN $_contexts]-())* (y)
  RETURN DISTINCT y
}
MATCH (d)-[e_5:ABOUT]->(y)
WHERE e_5.ctx IN $_contexts
WITH *, [j_ IN [head(split(head(split(split(e_5.more, $_k1)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS since
WITH *, [j_ IN [head(split(head(split(split(e_5.more, $_k2)[1], ']')), ','))] WHERE j_ =~ '-?[0-9]+' | toIntegerOrNull(j_)][0] AS until
WITH *, [j_ IN [replace(replace(head(split(replace(replace(split(e_5.more, $_k3)[1], '\\\\', '\u0001'), '\\"', '\u0002'), '"')), '\u0002', '\\"'), '\u0001', '\\\\')] WHERE j_ IS NOT NULL | CASE WHEN j_ CONTAINS '\\' THEN substring(reduce(t_ = '', part_ IN split(j_, '\\\\') | t_ + '\\' + reduce(u_ = part_, x_ IN $_escapes | replace(u_, x_[0], x_[1]))), 1) ELSE j_ END][0] AS by
WHERE (((since IS NULL) OR (until IS NULL) OR (since < until)) AND (($from IS NULL) OR ($to IS NULL) OR ($from < $to)) AND ((since IS NULL) OR ($to IS NULL) OR (since < $to)) AND (($from IS NULL) OR (until IS NULL) OR ($from < until))) AND ([rows_6 IN [[r_ IN [d] + COLLECT { MATCH (d)<-[:FACET_OF]-(facet_7:Facet) RETURN facet_7 } WHERE r_.ctx IN $_contexts]] | [l_ IN [reduce(l_ = null, r_ IN [r_ IN rows_6 WHERE r_.name IS NOT NULL] | CASE WHEN l_ IS NULL OR CASE WHEN r_.name_t IS NULL AND l_.name_t IS NULL THEN r_.name > l_.name WHEN r_.name_t IS NULL THEN true WHEN l_.name_t IS NULL THEN false WHEN r_.name_t <> l_.name_t THEN r_.name_t > l_.name_t WHEN r_.name_w <> l_.name_w THEN r_.name_w > l_.name_w WHEN r_.name_n <> l_.name_n THEN r_.name_n > l_.name_n ELSE r_.name > l_.name END THEN r_ ELSE l_ END)] | coalesce(l_.long_name, l_.name)][0]][0] CONTAINS $_k4)
WITH DISTINCT coalesce(d.long_id, d.id) AS col_d, coalesce(y.long_id, y.id) AS col_y, since AS col_since, until AS col_until, by AS col_by
ORDER BY col_since, col_d, col_y, col_until, col_by
LIMIT $_limit
RETURN collect([col_d, col_y, col_since, col_until, col_by]);

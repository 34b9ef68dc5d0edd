MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_7:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_7)-[:FLOW]->() } AND (p_7.kind IN ['fin', 'input'] OR p_7.kind = 'made' AND (p_7.t >= 4611686018427387904 OR p_7.t <= $_as_of)) RETURN p_7 ORDER BY p_7.kind = 'fin' DESC, p_7.kind = 'input' DESC, p_7.t DESC, p_7.w DESC, p_7.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_8:USED|WAS_INFORMED_BY]->() WHERE (e_8.t IS NULL OR e_8.t <= $_as_of) } OR EXISTS { (x)<-[e_9:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) } OR EXISTS { (x)-[e_10:PART_OF]-() WHERE (e_10.t IS NULL OR e_10.t <= $_as_of) AND e_10.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_11:FLOW WHERE (r_11.t IS NULL OR r_11.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
MATCH (y:Resource {id: $other})
WHERE (coalesce((y.started_at <= $_as_of OR y.name_t <= $_as_of), false) OR (y.ctx IS NOT NULL AND y.started_at IS NULL AND y.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_4 MATCH (row_4)<-[:PAST_OF]-(past_5:Past) WHERE (past_5.t IS NULL OR past_5.t <= $_as_of) RETURN 1 } OR EXISTS { (y)-[e_6:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_6.t IS NULL OR e_6.t <= $_as_of) })
UNWIND range(0, size($_way_13) - 1) AS place_14
MATCH (n:Resource {id: $_way_13[place_14]})
OPTIONAL MATCH (via:Resource {id: [i_ IN [place_14 - 1] WHERE i_ >= 0 | $_way_13[i_]][0]})
WITH *, place_14 AS depth
OPTIONAL MATCH (via)-[e_15:USED|WAS_GENERATED_BY]->(n)
WHERE (e_15.t IS NULL OR e_15.t <= $_as_of)
WITH *, $_relations[type(e_15)] AS relation
WITH DISTINCT coalesce(n.long_id, n.id) AS col_n, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation
ORDER BY col_depth, col_n, col_via, col_relation
LIMIT $_limit
RETURN collect([col_n, col_depth, col_via, col_relation]);

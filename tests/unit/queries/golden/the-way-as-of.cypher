MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made' AND (p_1.t >= 4611686018427387904 OR p_1.t <= $_as_of)) RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_2:USED|WAS_INFORMED_BY]->() WHERE (e_2.t IS NULL OR e_2.t <= $_as_of) } OR EXISTS { (x)<-[e_3:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) } OR EXISTS { (x)-[e_4:PART_OF]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) AND e_4.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_5:FLOW WHERE (r_5.t IS NULL OR r_5.t <= $_as_of)]->())* (a)
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
UNWIND range(0, size($_way_8.of) - 1) AS place_9
MATCH (n:Resource {id: $_way_8.of[place_9]})
OPTIONAL MATCH (via:Resource {id: [i_ IN [place_9 - 1] WHERE i_ >= 0 | $_way_8.of[i_]][0]})
WITH *, place_9 AS depth
OPTIONAL MATCH (via)-[e_10:USED|WAS_GENERATED_BY]->(n)
WHERE (e_10.t IS NULL OR e_10.t <= $_as_of)
WITH *, $_relations[type(e_10)] AS relation
WITH DISTINCT coalesce(n.long_id, n.id) AS col_n, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation
ORDER BY col_depth, col_n, col_via, col_relation
LIMIT $_limit
RETURN collect([col_n, col_depth, col_via, col_relation]);

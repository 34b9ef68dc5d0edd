MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE p_4.kind IN ['name', 'made'] RETURN p_4 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_7:USED|WAS_INFORMED_BY]->() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) } OR EXISTS { (x)<-[e_8:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_8.t IS NULL OR e_8.t <= $_as_of) } OR EXISTS { (x)-[e_9:PART_OF]-() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) AND e_9.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_10:FLOW WHERE (r_10.t IS NULL OR r_10.t <= $_as_of)]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND (h_5.t >= 4611686018427387904 OR h_5.t <= $_as_of) RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_6) MATCH (o_6)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND (h_5.t >= 4611686018427387904 OR h_5.t <= $_as_of) RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
UNWIND keys($_c_11) AS id_12
MATCH (y:Resource {id: id_12})
WITH *, $_c_11[y.id][0] AS depth
MATCH (via:Resource {id: $_c_11[y.id][1]})
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [y] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_13
  CALL (row_13) {
    WITH row_13 WHERE row_13.name IS NOT NULL
    RETURN coalesce(row_13.long_name, row_13.name) AS v_, row_13.name_t AS t_, row_13.name_w AS w_, row_13.name_n AS n_
    UNION ALL
    MATCH (row_13)<-[:PAST_OF]-(past_14:Past {key: 'name'})
    RETURN past_14.value AS v_, past_14.t AS t_, past_14.w AS w_, past_14.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, [m_ IN [y.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.end_w IS NULL OR y.ended_at <= $_as_of THEN CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_15
  UNWIND [{t: row_15.ended_at, goes_on: row_15.outcome = 'resumed'}] + COLLECT { MATCH (row_15)<-[:PAST_OF]-(past_16:Past {key: 'end'}) RETURN {t: past_16.t, goes_on: past_16.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

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
UNWIND keys($_c_4) AS id_5
MATCH (r:Resource {id: id_5})
WITH *, $_c_4[r.id][0] AS away
MATCH (next:Resource {id: $_c_4[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_6:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE (e_6.t IS NULL OR e_6.t <= $_as_of)
  RETURN 1
}
RETURN collect(DISTINCT r.id);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
UNWIND keys($_c_4) AS id_5
MATCH (r:Resource {id: id_5})
WITH *, $_c_4[r.id][0] AS away
MATCH (next:Resource {id: $_c_4[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_6:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE (e_6.t IS NULL OR e_6.t <= $_as_of)
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_7
CALL (rows_7) {
  UNWIND rows_7 AS row_8
  WITH row_8.x AS x, row_8.r AS r, row_8.away AS away, row_8.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_9.of AS id_10
  MATCH (n:Resource {id: id_10})
  WHERE coalesce(n:Activity, false) AND $_c_4[n.id] IS NOT NULL
  WITH *, $_c_4[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_4[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
WITH n, depth, via, count(*) AS same_11
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [n] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_12
  CALL (row_12) {
    WITH row_12 WHERE row_12.name IS NOT NULL
    RETURN coalesce(row_12.long_name, row_12.name) AS v_, row_12.name_t AS t_, row_12.name_w AS w_, row_12.name_n AS n_
    UNION ALL
    MATCH (row_12)<-[:PAST_OF]-(past_13:Past {key: 'name'})
    RETURN past_13.value AS v_, past_13.t AS t_, past_13.w AS w_, past_13.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END AS col_kind, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, [m_ IN [n.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, n
ORDER BY col_kind IS NULL, col_kind DESC, col_started_at, col_depth, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, col_kind, col_depth, col_via, col_started_at, CASE WHEN n.end_w IS NULL OR n.ended_at <= $_as_of THEN CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_14
  UNWIND [{t: row_14.ended_at, goes_on: row_14.outcome = 'resumed'}] + COLLECT { MATCH (row_14)<-[:PAST_OF]-(past_15:Past {key: 'end'}) RETURN {t: past_15.t, goes_on: past_15.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_5:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_5)-[:FLOW]->() } AND (p_5.kind IN ['fin', 'input'] OR p_5.kind = 'made' AND (p_5.t >= 4611686018427387904 OR p_5.t <= $_as_of)) RETURN p_5 ORDER BY p_5.kind = 'fin' DESC, p_5.kind = 'input' DESC, p_5.t DESC, p_5.w DESC, p_5.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_7:USED|WAS_INFORMED_BY]->() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) } OR EXISTS { (x)<-[e_8:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_8.t IS NULL OR e_8.t <= $_as_of) } OR EXISTS { (x)-[e_9:PART_OF]-() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) AND e_9.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_6:FLOW WHERE (r_6.t IS NULL OR r_6.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND (row_1.started_at <= $_as_of OR row_1.name_t <= $_as_of) RETURN 1 } OR (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL RETURN 1 } AND NOT EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND coalesce(row_1.started_at, row_1.name_t) IS NOT NULL RETURN 1 }) OR EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) } OR EXISTS { (x)-[e_4:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) })
UNWIND keys($_c_10) AS id_11
MATCH (r:Resource {id: id_11})
WITH *, $_c_10[r.id][0] AS away
MATCH (next:Resource {id: $_c_10[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_12:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE (e_12.t IS NULL OR e_12.t <= $_as_of)
  RETURN 1
}
RETURN DISTINCT r.id AS id;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND (row_1.started_at <= $_as_of OR row_1.name_t <= $_as_of) RETURN 1 } OR (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL RETURN 1 } AND NOT EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND coalesce(row_1.started_at, row_1.name_t) IS NOT NULL RETURN 1 }) OR EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) } OR EXISTS { (x)-[e_4:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) })
UNWIND keys($_c_10) AS id_11
MATCH (r:Resource {id: id_11})
WITH *, $_c_10[r.id][0] AS away
MATCH (next:Resource {id: $_c_10[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_12:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE (e_12.t IS NULL OR e_12.t <= $_as_of)
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_13
CALL (rows_13) {
  UNWIND rows_13 AS row_14
  WITH row_14.x AS x, row_14.r AS r, row_14.away AS away, row_14.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_15 AS id_16
  MATCH (n:Resource {id: id_16})
  WHERE coalesce(n:Activity, false) AND $_c_10[n.id] IS NOT NULL
  WITH *, $_c_10[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_10[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
RETURN DISTINCT coalesce(n.long_id, n.id) AS id, coalesce(COLLECT {
  CALL (n) {
    UNWIND [n] AS row_17
    WITH row_17 WHERE row_17.ctx IS NOT NULL AND row_17.name IS NOT NULL
    RETURN coalesce(row_17.long_name, row_17.name) AS v_, row_17.name_t AS t_, row_17.name_w AS w_, row_17.name_n AS n_
    UNION ALL
    UNWIND [n] AS row_17
    WITH row_17 WHERE row_17.ctx IS NOT NULL
    MATCH (row_17)<-[:PAST_OF]-(past_18:Past {key: 'name'})
    RETURN past_18.value AS v_, past_18.t AS t_, past_18.w AS w_, past_18.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], COLLECT {
  UNWIND [n] AS row_17
  WITH row_17 WHERE row_17.ctx IS NOT NULL AND row_17.name IS NOT NULL
  WITH coalesce(row_17.long_name, row_17.name) AS v_, row_17.name_t AS t_, row_17.name_w AS w_, row_17.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0]) AS name, n.type AS type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, COLLECT {
  UNWIND [n] AS row_21
  WITH row_21 WHERE row_21.ctx IS NOT NULL
  UNWIND [row_21.started_at] + COLLECT { MATCH (row_21)<-[:PAST_OF]-(past_22:Past {key: 'start'}) RETURN past_22.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [n] AS row_24
  WITH row_24 WHERE row_24.ctx IS NOT NULL
  UNWIND [row_24.ended_at] + COLLECT { MATCH (row_24)<-[:PAST_OF]-(past_25:Past {key: 'end'}) RETURN past_25.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY kind IS NULL, kind DESC, started_at, depth, name, id, type, via, ended_at
LIMIT $_limit;

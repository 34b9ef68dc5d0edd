MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_5:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_5)-[:FLOW]->() } AND (p_5.kind IN ['fin', 'input'] OR p_5.kind = 'made' AND (p_5.t >= 4611686018427387904 OR p_5.t <= $_as_of)) RETURN p_5 ORDER BY p_5.kind = 'fin' DESC, p_5.kind = 'input' DESC, p_5.t DESC, p_5.w DESC, p_5.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_6:USED|WAS_INFORMED_BY]->() WHERE (e_6.t IS NULL OR e_6.t <= $_as_of) } OR EXISTS { (x)<-[e_7:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_7.t IS NULL OR e_7.t <= $_as_of) } OR EXISTS { (x)-[e_8:PART_OF]-() WHERE (e_8.t IS NULL OR e_8.t <= $_as_of) AND e_8.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_9:FLOW WHERE (r_9.t IS NULL OR r_9.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
CALL (x) {
  UNWIND keys($_c_10) AS id_11
  MATCH (n:Resource {id: id_11})
  WITH *, $_c_10[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_10[n.id][1]})
  OPTIONAL MATCH (via)-[e_12:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE (e_12.t IS NULL OR e_12.t <= $_as_of)
  WITH *, $_relations[type(e_12)] AS relation
  WITH *, e_12.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_10) AS id_14
    MATCH (via:Resource {id: id_14})
    WITH *, $_c_10[via.id][0] AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_16:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE (e_16.t IS NULL OR e_16.t <= $_as_of)
    WITH *, $_relations[type(e_16)] AS relation
    WITH *, e_16.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_17:PART_OF]->(via)
    WHERE (e_17.t IS NULL OR e_17.t <= $_as_of) AND e_17.role = $_k3
    MATCH (section)-[e_18:HAS_SETTING]->(n)
    WHERE (e_18.t IS NULL OR e_18.t <= $_as_of)
    WITH *, $_relations[type(e_18)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k4)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k4 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k5 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_19
UNWIND rows_19[0..1] AS row_20
WITH n, row_20.around AS around, row_20.depth AS depth, row_20.via AS via, row_20.relation AS relation, row_20.role AS role
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [n] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_22
  CALL (row_22) {
    WITH row_22 WHERE row_22.name IS NOT NULL
    RETURN coalesce(row_22.long_name, row_22.name) AS v_, row_22.name_t AS t_, row_22.name_w AS w_, row_22.name_n AS n_
    UNION ALL
    MATCH (row_22)<-[:PAST_OF]-(past_23:Past {key: 'name'})
    RETURN past_23.value AS v_, past_23.t AS t_, past_23.w AS w_, past_23.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, [l_ IN [n] | CASE WHEN l_.value_t IS NULL OR l_.value_t <= $_as_of THEN l_.value ELSE coalesce(COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_24
  CALL (row_24) {
    WITH row_24 WHERE row_24.value IS NOT NULL
    RETURN row_24.value AS v_, row_24.value_t AS t_, row_24.value_w AS w_, row_24.value_n AS n_
    UNION ALL
    MATCH (row_24)<-[:PAST_OF]-(past_25:Past {key: 'value'})
    RETURN past_25.value AS v_, past_25.t AS t_, past_25.w AS w_, past_25.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], l_.value) END][0] AS col_value, [m_ IN [n.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, CASE WHEN n.end_w IS NULL OR n.ended_at <= $_as_of THEN CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_26
  UNWIND [{t: row_26.ended_at, goes_on: row_26.outcome = 'resumed'}] + COLLECT { MATCH (row_26)<-[:PAST_OF]-(past_27:Past {key: 'end'}) RETURN {t: past_27.t, goes_on: past_27.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

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
CALL (x) {
  UNWIND keys($_c_5) AS id_6
  MATCH (n:Resource {id: id_6})
  WITH *, $_c_5[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_5[n.id][1]})
  OPTIONAL MATCH (via)-[e_7:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE (e_7.t IS NULL OR e_7.t <= $_as_of)
  WITH *, $_relations[type(e_7)] AS relation
  WITH *, e_7.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_5) AS id_9
    MATCH (via:Resource {id: id_9})
    WITH *, $_c_5[via.id][0] AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_11:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE (e_11.t IS NULL OR e_11.t <= $_as_of)
    WITH *, $_relations[type(e_11)] AS relation
    WITH *, e_11.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_12:PART_OF]->(via)
    WHERE (e_12.t IS NULL OR e_12.t <= $_as_of) AND e_12.role = $_k3
    MATCH (section)-[e_13:HAS_SETTING]->(n)
    WHERE (e_13.t IS NULL OR e_13.t <= $_as_of)
    WITH *, $_relations[type(e_13)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, [x_ IN [toFloat(above) + toFloat($_k4)] WHERE NOT isNaN(x_) | CASE WHEN abs(x_) < 9007199254740992 THEN above + $_k4 + 0 ELSE x_ END][0] AS depth
  WITH *, $_k5 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_14
UNWIND rows_14[0..1] AS row_15
WITH n, row_15.around AS around, row_15.depth AS depth, row_15.via AS via, row_15.relation AS relation, row_15.role AS role
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, [l_ IN [n] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_17
  CALL (row_17) {
    WITH row_17 WHERE row_17.name IS NOT NULL
    RETURN coalesce(row_17.long_name, row_17.name) AS v_, row_17.name_t AS t_, row_17.name_w AS w_, row_17.name_n AS n_
    UNION ALL
    MATCH (row_17)<-[:PAST_OF]-(past_18:Past {key: 'name'})
    RETURN past_18.value AS v_, past_18.t AS t_, past_18.w AS w_, past_18.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation, role AS col_role, [l_ IN [n] | CASE WHEN l_.value_t IS NULL OR l_.value_t <= $_as_of THEN l_.value ELSE coalesce(COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_19
  CALL (row_19) {
    WITH row_19 WHERE row_19.value IS NOT NULL
    RETURN row_19.value AS v_, row_19.value_t AS t_, row_19.value_w AS w_, row_19.value_n AS n_
    UNION ALL
    MATCH (row_19)<-[:PAST_OF]-(past_20:Past {key: 'value'})
    RETURN past_20.value AS v_, past_20.t AS t_, past_20.w AS w_, past_20.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], l_.value) END][0] AS col_value, [m_ IN [n.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, n
ORDER BY col_depth, col_started_at, col_name, col_via, col_value, col_id, col_relation, col_role
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END, col_depth, col_via, col_relation, col_role, col_value, col_started_at, CASE WHEN n.end_w IS NULL OR n.ended_at <= $_as_of THEN CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [n] WHERE r_.ctx IS NOT NULL] AS row_21
  UNWIND [{t: row_21.ended_at, goes_on: row_21.outcome = 'resumed'}] + COLLECT { MATCH (row_21)<-[:PAST_OF]-(past_22:Past {key: 'end'}) RETURN {t: past_22.t, goes_on: past_22.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

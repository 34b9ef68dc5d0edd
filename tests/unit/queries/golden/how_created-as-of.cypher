MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_6:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_6)-[:FLOW]->() } AND (p_6.kind IN ['fin', 'input'] OR p_6.kind = 'made' AND (p_6.t >= 4611686018427387904 OR p_6.t <= $_as_of)) RETURN p_6 ORDER BY p_6.kind = 'fin' DESC, p_6.kind = 'input' DESC, p_6.t DESC, p_6.w DESC, p_6.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_8:USED|WAS_INFORMED_BY]->() WHERE (e_8.t IS NULL OR e_8.t <= $_as_of) } OR EXISTS { (x)<-[e_9:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) } OR EXISTS { (x)-[e_10:PART_OF]-() WHERE (e_10.t IS NULL OR e_10.t <= $_as_of) AND e_10.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW WHERE (r_7.t IS NULL OR r_7.t <= $_as_of)]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND (row_1.started_at <= $_as_of OR row_1.name_t <= $_as_of) RETURN 1 } OR (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL RETURN 1 } AND NOT EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND coalesce(row_1.started_at, row_1.name_t) IS NOT NULL RETURN 1 }) OR EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) } OR EXISTS { (x)-[e_4:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) })
CALL (x) {
  UNWIND keys($_c_11) AS id_12
  MATCH (n:Resource {id: id_12})
  WITH *, $_c_11[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_11[n.id][1]})
  OPTIONAL MATCH (via)-[e_13:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE (e_13.t IS NULL OR e_13.t <= $_as_of)
  WITH *, $_relations[type(e_13)] AS relation
  WITH *, e_13.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_11) AS id_15
    MATCH (via:Resource {id: id_15})
    WITH *, $_c_11[via.id][0] AS above
    WHERE coalesce(via:Activity, false)
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_17:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE (e_17.t IS NULL OR e_17.t <= $_as_of)
    WITH *, $_relations[type(e_17)] AS relation
    WITH *, e_17.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_18:PART_OF]->(via)
    WHERE (e_18.t IS NULL OR e_18.t <= $_as_of) AND e_18.role = $_k3
    MATCH (section)-[e_19:HAS_SETTING]->(n)
    WHERE (e_19.t IS NULL OR e_19.t <= $_as_of)
    WITH *, $_relations[type(e_19)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, (above + $_k4) AS depth
  WITH *, $_k5 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_20
UNWIND rows_20[0..1] AS row_21
WITH n, row_21.around AS around, row_21.depth AS depth, row_21.via AS via, row_21.relation AS relation, row_21.role AS role
RETURN DISTINCT coalesce(n.long_id, n.id) AS id, coalesce(COLLECT {
  CALL (n) {
    UNWIND [n] AS row_23
    WITH row_23 WHERE row_23.ctx IS NOT NULL AND row_23.name IS NOT NULL
    RETURN coalesce(row_23.long_name, row_23.name) AS v_, row_23.name_t AS t_, row_23.name_w AS w_, row_23.name_n AS n_
    UNION ALL
    UNWIND [n] AS row_23
    WITH row_23 WHERE row_23.ctx IS NOT NULL
    MATCH (row_23)<-[:PAST_OF]-(past_24:Past {key: 'name'})
    RETURN past_24.value AS v_, past_24.t AS t_, past_24.w AS w_, past_24.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], COLLECT {
  UNWIND [n] AS row_23
  WITH row_23 WHERE row_23.ctx IS NOT NULL AND row_23.name IS NOT NULL
  WITH coalesce(row_23.long_name, row_23.name) AS v_, row_23.name_t AS t_, row_23.name_w AS w_, row_23.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0]) AS name, n.type AS type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, relation AS relation, role AS role, coalesce(COLLECT {
  CALL (n) {
    UNWIND [n] AS row_27
    WITH row_27 WHERE row_27.ctx IS NOT NULL AND row_27.value IS NOT NULL
    RETURN row_27.value AS v_, row_27.value_t AS t_, row_27.value_w AS w_, row_27.value_n AS n_
    UNION ALL
    UNWIND [n] AS row_27
    WITH row_27 WHERE row_27.ctx IS NOT NULL
    MATCH (row_27)<-[:PAST_OF]-(past_28:Past {key: 'value'})
    RETURN past_28.value AS v_, past_28.t AS t_, past_28.w AS w_, past_28.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], COLLECT {
  UNWIND [n] AS row_27
  WITH row_27 WHERE row_27.ctx IS NOT NULL AND row_27.value IS NOT NULL
  WITH row_27.value AS v_, row_27.value_t AS t_, row_27.value_w AS w_, row_27.value_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0]) AS value, COLLECT {
  UNWIND [n] AS row_31
  WITH row_31 WHERE row_31.ctx IS NOT NULL
  UNWIND [row_31.started_at] + COLLECT { MATCH (row_31)<-[:PAST_OF]-(past_32:Past {key: 'start'}) RETURN past_32.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [n] AS row_34
  WITH row_34 WHERE row_34.ctx IS NOT NULL
  UNWIND [row_34.ended_at] + COLLECT { MATCH (row_34)<-[:PAST_OF]-(past_35:Past {key: 'end'}) RETURN past_35.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY depth, started_at, name, via, value, id, type, kind, relation, role, ended_at
LIMIT $_limit;

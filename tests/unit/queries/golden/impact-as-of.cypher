MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_5:Phase)-[:PHASE_OF]->(x) WHERE p_5.kind IN ['name', 'made'] RETURN p_5 } AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_9:USED|WAS_INFORMED_BY]->() WHERE (e_9.t IS NULL OR e_9.t <= $_as_of) } OR EXISTS { (x)<-[e_10:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_10.t IS NULL OR e_10.t <= $_as_of) } OR EXISTS { (x)-[e_11:PART_OF]-() WHERE (e_11.t IS NULL OR e_11.t <= $_as_of) AND e_11.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_8:FLOW WHERE (r_8.t IS NULL OR r_8.t <= $_as_of)]-())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)<-[e:FLOW]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, CASE WHEN b.kind IS NULL THEN COLLECT { MATCH (b)<-[:PHASE_OF]-(h_6:Phase) WHERE h_6.kind = 'made' AND (h_6.t >= 4611686018427387904 OR h_6.t <= $_as_of) RETURN h_6.key ORDER BY h_6.t DESC, h_6.w DESC, h_6.n DESC LIMIT 1 }[0] IS NULL WHEN b.kind = 'made' THEN b.key = COLLECT { MATCH (b)-[:PHASE_OF]->(o_7) MATCH (o_7)<-[:PHASE_OF]-(h_6:Phase) WHERE h_6.kind = 'made' AND (h_6.t >= 4611686018427387904 OR h_6.t <= $_as_of) RETURN h_6.key ORDER BY h_6.t DESC, h_6.w DESC, h_6.n DESC LIMIT 1 }[0] ELSE true END AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND (row_1.started_at <= $_as_of OR row_1.name_t <= $_as_of) RETURN 1 } OR (EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL RETURN 1 } AND NOT EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL AND coalesce(row_1.started_at, row_1.name_t) IS NOT NULL RETURN 1 }) OR EXISTS { UNWIND [x] AS row_1 WITH row_1 WHERE row_1.ctx IS NOT NULL MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) } OR EXISTS { (x)-[e_4:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) })
UNWIND keys($_c_12) AS id_13
MATCH (y:Resource {id: id_13})
WITH *, $_c_12[y.id][0] AS depth
MATCH (via:Resource {id: $_c_12[y.id][1]})
RETURN DISTINCT coalesce(y.long_id, y.id) AS id, coalesce(COLLECT {
  CALL (y) {
    UNWIND [y] AS row_14
    WITH row_14 WHERE row_14.ctx IS NOT NULL AND row_14.name IS NOT NULL
    RETURN coalesce(row_14.long_name, row_14.name) AS v_, row_14.name_t AS t_, row_14.name_w AS w_, row_14.name_n AS n_
    UNION ALL
    UNWIND [y] AS row_14
    WITH row_14 WHERE row_14.ctx IS NOT NULL
    MATCH (row_14)<-[:PAST_OF]-(past_15:Past {key: 'name'})
    RETURN past_15.value AS v_, past_15.t AS t_, past_15.w AS w_, past_15.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], COLLECT {
  UNWIND [y] AS row_14
  WITH row_14 WHERE row_14.ctx IS NOT NULL AND row_14.name IS NOT NULL
  WITH coalesce(row_14.long_name, row_14.name) AS v_, row_14.name_t AS t_, row_14.name_w AS w_, row_14.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0]) AS name, y.type AS type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, COLLECT {
  UNWIND [y] AS row_18
  WITH row_18 WHERE row_18.ctx IS NOT NULL
  UNWIND [row_18.started_at] + COLLECT { MATCH (row_18)<-[:PAST_OF]-(past_19:Past {key: 'start'}) RETURN past_19.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [y] AS row_21
  WITH row_21 WHERE row_21.ctx IS NOT NULL
  UNWIND [row_21.ended_at] + COLLECT { MATCH (row_21)<-[:PAST_OF]-(past_22:Past {key: 'end'}) RETURN past_22.t } AS t_
  WITH t_ WHERE t_ <= $_as_of
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY depth, type, started_at, name, id, kind, via, ended_at
LIMIT $_limit;

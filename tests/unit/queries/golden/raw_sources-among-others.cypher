MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_4)-[:FLOW]->() } AND (p_4.kind IN ['fin', 'input'] OR p_4.kind = 'made' AND EXISTS { (p_4)-[f_5:FLOW]->() WHERE f_5.ctx <> 0 AND f_5.ctx IN $_contexts }) RETURN p_4 ORDER BY p_4.kind = 'fin' DESC, p_4.kind = 'input' DESC, p_4.t DESC, p_4.w DESC, p_4.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_8:Facet) RETURN facet_8 } AS row_7 WITH row_7 WHERE row_7.ctx IN $_contexts AND 'Activity' IN row_7.kinds RETURN 1 } OR EXISTS { (x)-[e_9:USED|WAS_INFORMED_BY]->() WHERE e_9.ctx IN $_contexts } OR EXISTS { (x)<-[e_10:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_10.ctx IN $_contexts } OR EXISTS { (x)-[e_11:PART_OF]-() WHERE e_11.ctx IN $_contexts AND e_11.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_6:FLOW WHERE r_6.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } AS row_1 WITH row_1 WHERE row_1.ctx IN $_contexts RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_12) AS id_13
MATCH (r:Resource {id: id_13})
WITH *, $_c_12[r.id][0] AS away
MATCH (next:Resource {id: $_c_12[r.id][1]})
WHERE NOT coalesce(EXISTS { UNWIND [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_15:Facet) RETURN facet_15 } AS row_14 WITH row_14 WHERE row_14.ctx IN $_contexts AND any(t_ IN row_14.kinds + row_14.types WHERE t_ IN $_k1) RETURN 1 }, false) AND NOT EXISTS {
  MATCH (r)-[e_16:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_16.ctx IN $_contexts
  RETURN 1
}
RETURN DISTINCT r.id AS id;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } AS row_1 WITH row_1 WHERE row_1.ctx IN $_contexts RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_12) AS id_13
MATCH (r:Resource {id: id_13})
WITH *, $_c_12[r.id][0] AS away
MATCH (next:Resource {id: $_c_12[r.id][1]})
WHERE NOT coalesce(EXISTS { UNWIND [r] + COLLECT { MATCH (r)<-[:FACET_OF]-(facet_15:Facet) RETURN facet_15 } AS row_14 WITH row_14 WHERE row_14.ctx IN $_contexts AND any(t_ IN row_14.kinds + row_14.types WHERE t_ IN $_k1) RETURN 1 }, false) AND NOT EXISTS {
  MATCH (r)-[e_16:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  WHERE e_16.ctx IN $_contexts
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_17
CALL (rows_17) {
  UNWIND rows_17 AS row_18
  WITH row_18.x AS x, row_18.r AS r, row_18.away AS away, row_18.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_19 AS id_20
  MATCH (n:Resource {id: id_20})
  WHERE EXISTS { UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_22:Facet) RETURN facet_22 } AS row_21 WITH row_21 WHERE row_21.ctx IN $_contexts AND any(t_ IN row_21.kinds + row_21.types WHERE t_ IN $_k2) RETURN 1 } AND $_c_12[n.id] IS NOT NULL
  WITH *, $_c_12[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_12[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
RETURN DISTINCT coalesce(n.long_id, n.id) AS id, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_25:Facet) RETURN facet_25 } AS row_23
  WITH row_23 WHERE row_23.ctx IN $_contexts AND row_23.name IS NOT NULL
  WITH coalesce(row_23.long_name, row_23.name) AS v_, row_23.name_t AS t_, row_23.name_w AS w_, row_23.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0] AS name, COLLECT {
  UNWIND [COLLECT { UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_27:Facet) RETURN facet_27 } AS row_26 WITH row_26 WHERE row_26.ctx IN $_contexts UNWIND row_26.types AS t_ RETURN DISTINCT t_ }] AS held_
  UNWIND held_ AS t_
  RETURN t_ ORDER BY coalesce(any(b_ IN $_below[t_] WHERE b_ IN held_), false), coalesce($_types[t_], 1000000), t_ LIMIT 1
}[0] AS type, COLLECT {
  UNWIND [COLLECT { UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_29:Facet) RETURN facet_29 } AS row_28 WITH row_28 WHERE row_28.ctx IN $_contexts UNWIND row_28.kinds AS k_ RETURN k_ }] AS kinds_30
  RETURN CASE WHEN 'Activity' IN kinds_30 THEN 'Activity' WHEN 'Agent' IN kinds_30 THEN 'Agent' WHEN 'Entity' IN kinds_30 THEN 'Entity' END
}[0] AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_33:Facet) RETURN facet_33 } AS row_31
  WITH row_31 WHERE row_31.ctx IN $_contexts
  UNWIND [row_31.started_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_36:Facet) RETURN facet_36 } AS row_34
  WITH row_34 WHERE row_34.ctx IN $_contexts
  UNWIND [row_34.ended_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY kind IS NULL, kind DESC, started_at, depth, name, id, type, via, ended_at
LIMIT $_limit;

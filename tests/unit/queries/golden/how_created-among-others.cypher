MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_5:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_5)-[:FLOW]->() } AND (p_5.kind IN ['fin', 'input'] OR p_5.kind = 'made' AND EXISTS { (p_5)-[f_6:FLOW]->() WHERE f_6.ctx <> 0 AND f_6.ctx IN $_contexts }) RETURN p_5 ORDER BY p_5.kind = 'fin' DESC, p_5.kind = 'input' DESC, p_5.t DESC, p_5.w DESC, p_5.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_9:Facet) RETURN facet_9 } AS row_8 WITH row_8 WHERE row_8.ctx IN $_contexts AND 'Activity' IN row_8.kinds RETURN 1 } OR EXISTS { (x)-[e_10:USED|WAS_INFORMED_BY]->() WHERE e_10.ctx IN $_contexts } OR EXISTS { (x)<-[e_11:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_11.ctx IN $_contexts } OR EXISTS { (x)-[e_12:PART_OF]-() WHERE e_12.ctx IN $_contexts AND e_12.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW WHERE r_7.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } AS row_1 WITH row_1 WHERE row_1.ctx IN $_contexts RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE e_3.ctx IN $_contexts })
CALL (x) {
  UNWIND keys($_c_13) AS id_14
  MATCH (n:Resource {id: id_14})
  WITH *, $_c_13[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_13[n.id][1]})
  OPTIONAL MATCH (via)-[e_15:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|PART_OF]->(n)
  WHERE e_15.ctx IN $_contexts
  WITH *, $_relations[type(e_15)] AS relation
  WITH *, e_15.role AS role
  WITH *, $_k1 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
  UNION
  CALL (x) {
    WITH *, x AS via
    WITH *, $_k2 AS above
    WHERE EXISTS { UNWIND [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } AS row_17 WITH row_17 WHERE row_17.ctx IN $_contexts AND any(t_ IN row_17.kinds + row_17.types WHERE t_ IN $_k3) RETURN 1 }
    RETURN DISTINCT via AS via, above AS above
    UNION
    UNWIND keys($_c_13) AS id_19
    MATCH (via:Resource {id: id_19})
    WITH *, $_c_13[via.id][0] AS above
    WHERE EXISTS { UNWIND [via] + COLLECT { MATCH (via)<-[:FACET_OF]-(facet_21:Facet) RETURN facet_21 } AS row_20 WITH row_20 WHERE row_20.ctx IN $_contexts AND any(t_ IN row_20.kinds + row_20.types WHERE t_ IN $_k4) RETURN 1 }
    RETURN DISTINCT via AS via, above AS above
  }
  CALL (x, via, above) {
    MATCH (via)-[e_23:HAS_SETTING|WAS_ASSOCIATED_WITH|RAN_ON|HAD_PLAN|SUBMITTED_AS]->(n)
    WHERE e_23.ctx IN $_contexts
    WITH *, $_relations[type(e_23)] AS relation
    WITH *, e_23.role AS role
    RETURN DISTINCT n AS n, relation AS relation, role AS role
    UNION
    MATCH (section)-[e_24:PART_OF]->(via)
    WHERE e_24.ctx IN $_contexts AND e_24.role = $_k5
    MATCH (section)-[e_25:HAS_SETTING]->(n)
    WHERE e_25.ctx IN $_contexts
    WITH *, $_relations[type(e_25)] AS relation
    RETURN DISTINCT n AS n, relation AS relation, null AS role
  }
  WITH *, (above + $_k6) AS depth
  WITH *, $_k7 AS around
  RETURN DISTINCT n AS n, depth AS depth, via AS via, relation AS relation, role AS role, around AS around
}
WITH DISTINCT n, depth, via, relation, role, around
ORDER BY around, depth, via.id, relation, role
WITH n, collect({around: around, depth: depth, via: via, relation: relation, role: role}) AS rows_26
UNWIND rows_26[0..1] AS row_27
WITH n, row_27.around AS around, row_27.depth AS depth, row_27.via AS via, row_27.relation AS relation, row_27.role AS role
RETURN DISTINCT coalesce(n.long_id, n.id) AS id, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_31:Facet) RETURN facet_31 } AS row_29
  WITH row_29 WHERE row_29.ctx IN $_contexts AND row_29.name IS NOT NULL
  WITH coalesce(row_29.long_name, row_29.name) AS v_, row_29.name_t AS t_, row_29.name_w AS w_, row_29.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0] AS name, COLLECT {
  UNWIND [COLLECT { UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_33:Facet) RETURN facet_33 } AS row_32 WITH row_32 WHERE row_32.ctx IN $_contexts UNWIND row_32.types AS t_ RETURN DISTINCT t_ }] AS held_
  UNWIND held_ AS t_
  RETURN t_ ORDER BY coalesce(any(b_ IN $_below[t_] WHERE b_ IN held_), false), coalesce($_types[t_], 1000000), t_ LIMIT 1
}[0] AS type, COLLECT {
  UNWIND [COLLECT { UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_35:Facet) RETURN facet_35 } AS row_34 WITH row_34 WHERE row_34.ctx IN $_contexts UNWIND row_34.kinds AS k_ RETURN k_ }] AS kinds_36
  RETURN CASE WHEN 'Activity' IN kinds_36 THEN 'Activity' WHEN 'Agent' IN kinds_36 THEN 'Agent' WHEN 'Entity' IN kinds_36 THEN 'Entity' END
}[0] AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, relation AS relation, role AS role, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_39:Facet) RETURN facet_39 } AS row_37
  WITH row_37 WHERE row_37.ctx IN $_contexts AND row_37.value IS NOT NULL
  WITH row_37.value AS v_, row_37.value_t AS t_, row_37.value_w AS w_, row_37.value_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0] AS value, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_42:Facet) RETURN facet_42 } AS row_40
  WITH row_40 WHERE row_40.ctx IN $_contexts
  UNWIND [row_40.started_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [n] + COLLECT { MATCH (n)<-[:FACET_OF]-(facet_45:Facet) RETURN facet_45 } AS row_43
  WITH row_43 WHERE row_43.ctx IN $_contexts
  UNWIND [row_43.ended_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY depth, started_at, name, via, value, id, type, kind, relation, role, ended_at
LIMIT $_limit;

MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_4:Phase)-[:PHASE_OF]->(x) WHERE p_4.kind IN ['name', 'made'] RETURN p_4 } AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_10:Facet) RETURN facet_10 } AS row_9 WITH row_9 WHERE row_9.ctx IN $_contexts AND 'Activity' IN row_9.kinds RETURN 1 } OR EXISTS { (x)-[e_11:USED|WAS_INFORMED_BY]->() WHERE e_11.ctx IN $_contexts } OR EXISTS { (x)<-[e_12:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_12.ctx IN $_contexts } OR EXISTS { (x)-[e_13:PART_OF]-() WHERE e_13.ctx IN $_contexts AND e_13.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_8:FLOW WHERE r_8.ctx IN $_contexts]-())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)<-[e:FLOW]-(b) WHERE e.ctx IN $_contexts
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, CASE WHEN b.kind IS NULL THEN COLLECT { MATCH (b)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND EXISTS { (h_5)-[f_7:FLOW]->() WHERE f_7.ctx <> 0 AND f_7.ctx IN $_contexts } RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] IS NULL WHEN b.kind = 'made' THEN b.key = COLLECT { MATCH (b)-[:PHASE_OF]->(o_6) MATCH (o_6)<-[:PHASE_OF]-(h_5:Phase) WHERE h_5.kind = 'made' AND EXISTS { (h_5)-[f_7:FLOW]->() WHERE f_7.ctx <> 0 AND f_7.ctx IN $_contexts } RETURN h_5.key ORDER BY h_5.t DESC, h_5.w DESC, h_5.n DESC LIMIT 1 }[0] ELSE true END AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (EXISTS { UNWIND [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } AS row_1 WITH row_1 WHERE row_1.ctx IN $_contexts RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() WHERE e_3.ctx IN $_contexts })
UNWIND keys($_c_14) AS id_15
MATCH (y:Resource {id: id_15})
WITH *, $_c_14[y.id][0] AS depth
MATCH (via:Resource {id: $_c_14[y.id][1]})
RETURN DISTINCT coalesce(y.long_id, y.id) AS id, COLLECT {
  UNWIND [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_18:Facet) RETURN facet_18 } AS row_16
  WITH row_16 WHERE row_16.ctx IN $_contexts AND row_16.name IS NOT NULL
  WITH coalesce(row_16.long_name, row_16.name) AS v_, row_16.name_t AS t_, row_16.name_w AS w_, row_16.name_n AS n_
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0] AS name, COLLECT {
  UNWIND [COLLECT { UNWIND [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_20:Facet) RETURN facet_20 } AS row_19 WITH row_19 WHERE row_19.ctx IN $_contexts UNWIND row_19.types AS t_ RETURN DISTINCT t_ }] AS held_
  UNWIND held_ AS t_
  RETURN t_ ORDER BY coalesce(any(b_ IN $_below[t_] WHERE b_ IN held_), false), coalesce($_types[t_], 1000000), t_ LIMIT 1
}[0] AS type, COLLECT {
  UNWIND [COLLECT { UNWIND [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_22:Facet) RETURN facet_22 } AS row_21 WITH row_21 WHERE row_21.ctx IN $_contexts UNWIND row_21.kinds AS k_ RETURN k_ }] AS kinds_23
  RETURN CASE WHEN 'Activity' IN kinds_23 THEN 'Activity' WHEN 'Agent' IN kinds_23 THEN 'Agent' WHEN 'Entity' IN kinds_23 THEN 'Entity' END
}[0] AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, COLLECT {
  UNWIND [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_26:Facet) RETURN facet_26 } AS row_24
  WITH row_24 WHERE row_24.ctx IN $_contexts
  UNWIND [row_24.started_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ LIMIT 1
}[0] AS started_at, COLLECT {
  UNWIND [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_29:Facet) RETURN facet_29 } AS row_27
  WITH row_27 WHERE row_27.ctx IN $_contexts
  UNWIND [row_27.ended_at] AS t_
  WITH t_ WHERE t_ IS NOT NULL
  RETURN t_ ORDER BY t_ DESC LIMIT 1
}[0] AS ended_at
ORDER BY depth, type, started_at, name, id, kind, via, ended_at
LIMIT $_limit;

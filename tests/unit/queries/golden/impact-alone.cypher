MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE p_1.kind IN ['name', 'made'] RETURN p_1 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_7:FLOW]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_3) MATCH (o_3)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
WITH collect(DISTINCT {x: x}) AS rows_2
CALL (rows_2) {
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  UNWIND keys($_c_4) AS id_5
  MATCH (y:Resource {id: id_5})
  WITH *, $_c_4[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_4[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_6:HAS_FEATURE]->(x)
  WITH *, d AS y
  WITH *, $_k0 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_2 AS row_3
  WITH row_3.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_7:HAS_FEATURE]->(x)
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_26:USED|WAS_INFORMED_BY]->() } OR EXISTS { (d)<-[e_27:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (d)-[e_28:PART_OF]-() WHERE e_28.role = 'part' }) AS acting_9
  WITH collect(CASE WHEN acting_9 THEN d END) AS alone_10, collect(CASE WHEN NOT acting_9 THEN d END) AS quiet_11
  WITH [a_ IN alone_10 | {starts: [a_], itself: a_.id}] + [{starts: quiet_11}] AS groups_12
  CALL (groups_12) {
    UNWIND groups_12 AS group_13
    WITH group_13.itself AS itself_14, COLLECT { UNWIND group_13.starts AS d UNWIND [d] + COLLECT { MATCH (p_25:Phase)-[:PHASE_OF]->(d) WHERE p_25.kind IN ['name', 'made'] RETURN p_25 } AS n_21 RETURN DISTINCT n_21 } AS begin_15
    WITH itself_14, reduce(w_ = {behind: [], front: begin_15}, i_ IN range(1, CASE WHEN size(begin_15) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_21 MATCH (n_21)<-[e_20:FLOW]-(b_19) RETURN DISTINCT b_19 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_16
    CALL (walked_16) {
      UNWIND walked_16.front AS n_21
      CALL (n_21) {
        MATCH (n_21) (()<-[r_24:FLOW]-())* (deep_18)
        RETURN DISTINCT deep_18
      }
      RETURN collect(DISTINCT deep_18) AS rest_17
    }
    UNWIND walked_16.behind + rest_17 AS n_21
    WITH DISTINCT itself_14, n_21
    MATCH (n_21)<-[e_20:FLOW]-(b_19) WHERE e_20.step = 1 AND (itself_14 IS NULL OR coalesce(b_19.of, b_19.id) <> itself_14) AND CASE WHEN b_19.kind IS NULL THEN COLLECT { MATCH (b_19)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] IS NULL WHEN b_19.kind = 'made' THEN b_19.key = COLLECT { MATCH (b_19)-[:PHASE_OF]->(o_23) MATCH (o_23)<-[:PHASE_OF]-(h_22:Phase) WHERE h_22.kind = 'made' RETURN h_22.key ORDER BY h_22.t DESC, h_22.w DESC, h_22.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_19.of, b_19.id) AS id_8
  }
  WITH DISTINCT id_8
  MATCH (y:Resource {id: id_8})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_29
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_30
UNWIND rows_30[0..1] AS row_31
WITH y, row_31.depth AS depth, row_31.via AS via
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, coalesce(y.long_name, y.name) AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, y.started_at AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END]);

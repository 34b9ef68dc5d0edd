MATCH (x:Resource {id: $_root})
WITH x, [x] + COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE p_1.kind IN ['name', 'made'] RETURN p_1 } AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() WHERE (e_4.t IS NULL OR e_4.t <= $_as_of) } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_5.t IS NULL OR e_5.t <= $_as_of) } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE (e_6.t IS NULL OR e_6.t <= $_as_of) AND e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()<-[r_7:FLOW WHERE (r_7.t IS NULL OR r_7.t <= $_as_of)]-())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)<-[e:FLOW]-(b) WHERE (e.t IS NULL OR e.t <= $_as_of)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), CASE WHEN a.kind IS NULL THEN COLLECT { MATCH (a)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' AND (h_2.t >= 4611686018427387904 OR h_2.t <= $_as_of) RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] IS NULL WHEN a.kind = 'made' THEN a.key = COLLECT { MATCH (a)-[:PHASE_OF]->(o_3) MATCH (o_3)<-[:PHASE_OF]-(h_2:Phase) WHERE h_2.kind = 'made' AND (h_2.t >= 4611686018427387904 OR h_2.t <= $_as_of) RETURN h_2.key ORDER BY h_2.t DESC, h_2.w DESC, h_2.n DESC LIMIT 1 }[0] ELSE true END, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (coalesce((x.started_at <= $_as_of OR x.name_t <= $_as_of), false) OR (x.ctx IS NOT NULL AND x.started_at IS NULL AND x.name_t IS NULL) OR EXISTS { UNWIND [r_ IN [x] WHERE r_.ctx IS NOT NULL] AS row_1 MATCH (row_1)<-[:PAST_OF]-(past_2:Past) WHERE (past_2.t IS NULL OR past_2.t <= $_as_of) RETURN 1 } OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE (e_3.t IS NULL OR e_3.t <= $_as_of) })
WITH collect(DISTINCT {x: x}) AS rows_4
CALL (rows_4) {
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  UNWIND keys($_c_6) AS id_7
  MATCH (y:Resource {id: id_7})
  WITH *, $_c_6[y.id][0] AS depth
  MATCH (via:Resource {id: $_c_6[y.id][1]})
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_8:HAS_FEATURE]->(x)
  WHERE (e_8.t IS NULL OR e_8.t <= $_as_of)
  WITH *, d AS y
  WITH *, $_k1 AS depth
  WITH *, x AS via
  RETURN DISTINCT y AS y, depth AS depth, via AS via
  UNION
  UNWIND rows_4 AS row_5
  WITH row_5.x AS x
  WITH *
  WHERE coalesce(x:Feature, false)
  MATCH (d)-[e_9:HAS_FEATURE]->(x)
  WHERE (e_9.t IS NULL OR e_9.t <= $_as_of)
  WITH DISTINCT d
  WITH d, (d:Activity OR EXISTS { (d)-[e_28:USED|WAS_INFORMED_BY]->() WHERE (e_28.t IS NULL OR e_28.t <= $_as_of) } OR EXISTS { (d)<-[e_29:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE (e_29.t IS NULL OR e_29.t <= $_as_of) } OR EXISTS { (d)-[e_30:PART_OF]-() WHERE (e_30.t IS NULL OR e_30.t <= $_as_of) AND e_30.role = 'part' }) AS acting_11
  WITH collect(CASE WHEN acting_11 THEN d END) AS alone_12, collect(CASE WHEN NOT acting_11 THEN d END) AS quiet_13
  WITH [a_ IN alone_12 | {starts: [a_], itself: a_.id}] + [{starts: quiet_13}] AS groups_14
  CALL (groups_14) {
    UNWIND groups_14 AS group_15
    WITH group_15.itself AS itself_16, COLLECT { UNWIND group_15.starts AS d UNWIND [d] + COLLECT { MATCH (p_27:Phase)-[:PHASE_OF]->(d) WHERE p_27.kind IN ['name', 'made'] RETURN p_27 } AS n_23 RETURN DISTINCT n_23 } AS begin_17
    WITH itself_16, reduce(w_ = {behind: [], front: begin_17}, i_ IN range(1, CASE WHEN size(begin_17) > 4 THEN 16 ELSE 0 END) | [f_ IN [COLLECT { UNWIND w_.front AS n_23 MATCH (n_23)<-[e_22:FLOW]-(b_21) WHERE (e_22.t IS NULL OR e_22.t <= $_as_of) RETURN DISTINCT b_21 }] | {behind: w_.behind + w_.front, front: f_}][0]) AS walked_18
    CALL (walked_18) {
      UNWIND walked_18.front AS n_23
      CALL (n_23) {
        MATCH (n_23) (()<-[r_26:FLOW WHERE (r_26.t IS NULL OR r_26.t <= $_as_of)]-())* (deep_20)
        RETURN DISTINCT deep_20
      }
      RETURN collect(DISTINCT deep_20) AS rest_19
    }
    UNWIND walked_18.behind + rest_19 AS n_23
    WITH DISTINCT itself_16, n_23
    MATCH (n_23)<-[e_22:FLOW]-(b_21) WHERE (e_22.t IS NULL OR e_22.t <= $_as_of) AND e_22.step = 1 AND (itself_16 IS NULL OR coalesce(b_21.of, b_21.id) <> itself_16) AND CASE WHEN b_21.kind IS NULL THEN COLLECT { MATCH (b_21)<-[:PHASE_OF]-(h_24:Phase) WHERE h_24.kind = 'made' AND (h_24.t >= 4611686018427387904 OR h_24.t <= $_as_of) RETURN h_24.key ORDER BY h_24.t DESC, h_24.w DESC, h_24.n DESC LIMIT 1 }[0] IS NULL WHEN b_21.kind = 'made' THEN b_21.key = COLLECT { MATCH (b_21)-[:PHASE_OF]->(o_25) MATCH (o_25)<-[:PHASE_OF]-(h_24:Phase) WHERE h_24.kind = 'made' AND (h_24.t >= 4611686018427387904 OR h_24.t <= $_as_of) RETURN h_24.key ORDER BY h_24.t DESC, h_24.w DESC, h_24.n DESC LIMIT 1 }[0] ELSE true END
    RETURN DISTINCT coalesce(b_21.of, b_21.id) AS id_10
  }
  WITH DISTINCT id_10
  MATCH (y:Resource {id: id_10})
  RETURN DISTINCT y AS y, null AS depth, null AS via
}
WITH y, depth, via, count(*) AS same_31
WITH DISTINCT y, depth, via
ORDER BY depth, via.id
WITH y, collect({depth: depth, via: via}) AS rows_32
UNWIND rows_32[0..1] AS row_33
WITH y, row_33.depth AS depth, row_33.via AS via
WITH DISTINCT coalesce(y.long_id, y.id) AS col_id, [l_ IN [y] | CASE WHEN l_.name_t IS NULL OR l_.name_t <= $_as_of THEN coalesce(l_.long_name, l_.name) ELSE coalesce(COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_35
  CALL (row_35) {
    WITH row_35 WHERE row_35.name IS NOT NULL
    RETURN coalesce(row_35.long_name, row_35.name) AS v_, row_35.name_t AS t_, row_35.name_w AS w_, row_35.name_n AS n_
    UNION ALL
    MATCH (row_35)<-[:PAST_OF]-(past_36:Past {key: 'name'})
    RETURN past_36.value AS v_, past_36.t AS t_, past_36.w AS w_, past_36.n AS n_
  }
  WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= $_as_of
  RETURN v_ ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1
}[0], coalesce(l_.long_name, l_.name)) END][0] AS col_name, y.type AS col_type, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, [m_ IN [y.started_at] WHERE m_ <= $_as_of][0] AS col_started_at, y
ORDER BY col_depth, col_type, col_started_at, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, col_type, CASE WHEN y:Activity THEN 'Activity' WHEN y:Agent THEN 'Agent' WHEN y:Entity THEN 'Entity' END, col_depth, col_via, col_started_at, CASE WHEN y.end_w IS NULL OR y.ended_at <= $_as_of THEN CASE WHEN y.outcome = 'resumed' THEN null ELSE y.ended_at END ELSE COLLECT {
  UNWIND [r_ IN [y] WHERE r_.ctx IS NOT NULL] AS row_37
  UNWIND [{t: row_37.ended_at, goes_on: row_37.outcome = 'resumed'}] + COLLECT { MATCH (row_37)<-[:PAST_OF]-(past_38:Past {key: 'end'}) RETURN {t: past_38.t, goes_on: past_38.outcome = 'resumed'} } AS e_
  WITH e_ WHERE e_.t <= $_as_of
  WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1
  RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_
}[0] END]);

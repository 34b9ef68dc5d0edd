MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made') RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT (x:Activity OR EXISTS { (x)-[e_2:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_3:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_4:PART_OF]-() WHERE e_4.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_5:FLOW]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b)
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
UNWIND keys($_c_2) AS id_3
MATCH (r:Resource {id: id_3})
WITH *, $_c_2[r.id][0] AS away
MATCH (next:Resource {id: $_c_2[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_4:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  RETURN 1
}
RETURN collect(DISTINCT r.id);

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() })
UNWIND keys($_c_2) AS id_3
MATCH (r:Resource {id: id_3})
WITH *, $_c_2[r.id][0] AS away
MATCH (next:Resource {id: $_c_2[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_4:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_5
CALL (rows_5) {
  UNWIND rows_5 AS row_6
  WITH row_6.x AS x, row_6.r AS r, row_6.away AS away, row_6.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_7.of AS id_8
  MATCH (n:Resource {id: id_8})
  WHERE coalesce(n:Activity, false) AND $_c_2[n.id] IS NOT NULL
  WITH *, $_c_2[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_2[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
WITH n, depth, via, count(*) AS same_9
WITH DISTINCT coalesce(n.long_id, n.id) AS col_id, coalesce(n.long_name, n.name) AS col_name, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END AS col_kind, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, n.started_at AS col_started_at, n
ORDER BY col_kind IS NULL, col_kind DESC, col_started_at, col_depth, col_name, col_id, col_via
LIMIT $_limit
RETURN collect([col_id, col_name, n.type, col_kind, col_depth, col_via, col_started_at, CASE WHEN n.outcome = 'resumed' THEN null ELSE n.ended_at END]);

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_2:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_2)-[:FLOW]->() } AND (p_2.kind IN ['fin', 'input'] OR p_2.kind = 'made') RETURN p_2 ORDER BY p_2.kind = 'fin' DESC, p_2.kind = 'input' DESC, p_2.t DESC, p_2.w DESC, p_2.n DESC LIMIT 1 }[0], x)] AS seeds
CALL (x, seeds) {
  UNWIND seeds AS s
  RETURN null AS source, elementId(s) AS target, 0 AS step, x.id AS owner, NOT (x:Activity OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.role = 'part' }) AS counted
  UNION ALL
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_3:FLOW]->())* (a)
    RETURN DISTINCT a
  }
  WITH DISTINCT a
  MATCH (a)-[e:FLOW]->(b)
  RETURN elementId(a) AS source, elementId(b) AS target, e.step AS step, coalesce(b.of, b.id) AS owner, true AS counted
}
RETURN source, target, step, owner, counted;

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() })
UNWIND keys($_c_7) AS id_8
MATCH (r:Resource {id: id_8})
WITH *, $_c_7[r.id][0] AS away
MATCH (next:Resource {id: $_c_7[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_9:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  RETURN 1
}
RETURN DISTINCT r.id AS id;

MATCH (x:Resource {id: $thing})
WHERE (x.ctx IS NOT NULL OR EXISTS { (x)-[e_1:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY]-() })
UNWIND keys($_c_7) AS id_8
MATCH (r:Resource {id: id_8})
WITH *, $_c_7[r.id][0] AS away
MATCH (next:Resource {id: $_c_7[r.id][1]})
WHERE NOT coalesce(r:Activity|Agent|Plan|Code|Environment|JobSpec|HyperparameterSetting|Study|LearningExperiment|DomainConcept|DomainEntity, false) AND NOT EXISTS {
  MATCH (r)-[e_9:WAS_GENERATED_BY|WAS_DERIVED_FROM]->(maker)
  RETURN 1
}
WITH collect(DISTINCT {x: x, r: r, away: away, next: next}) AS rows_10
CALL (rows_10) {
  UNWIND rows_10 AS row_11
  WITH row_11.x AS x, row_11.r AS r, row_11.away AS away, row_11.next AS next
  WITH *, r AS n
  WITH *, away AS depth
  WITH *, next AS via
  RETURN DISTINCT n AS n, depth AS depth, via AS via
  UNION
  MATCH (x:Resource {id: $thing})
  UNWIND $_between_12 AS id_13
  MATCH (n:Resource {id: id_13})
  WHERE coalesce(n:Activity, false) AND $_c_7[n.id] IS NOT NULL
  WITH *, $_c_7[n.id][0] AS depth
  MATCH (via:Resource {id: $_c_7[n.id][1]})
  RETURN DISTINCT n AS n, depth AS depth, via AS via
}
RETURN DISTINCT coalesce(n.long_id, n.id) AS id, coalesce(n.long_name, n.name) AS name, n.type AS type, CASE WHEN n:Activity THEN 'Activity' WHEN n:Agent THEN 'Agent' WHEN n:Entity THEN 'Entity' END AS kind, depth AS depth, coalesce(via.long_id, via.id) AS via, n.started_at AS started_at, n.ended_at AS ended_at
ORDER BY kind IS NULL, kind DESC, started_at, depth, name, id, type, via, ended_at
LIMIT $_limit;

MATCH (x:Resource {id: $_root})
WITH x, [coalesce(COLLECT { MATCH (p_1:Phase)-[:PHASE_OF]->(x) WHERE EXISTS { (p_1)-[:FLOW]->() } AND (p_1.kind IN ['fin', 'input'] OR p_1.kind = 'made' AND EXISTS { (p_1)-[f_2:FLOW]->() WHERE f_2.ctx <> 0 AND f_2.ctx IN $_contexts }) RETURN p_1 ORDER BY p_1.kind = 'fin' DESC, p_1.kind = 'input' DESC, p_1.t DESC, p_1.w DESC, p_1.n DESC LIMIT 1 }[0], x)] AS seeds
WITH x, seeds, NOT ((x:Activity AND any(r_ IN [r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_3:Facet) RETURN facet_3 } WHERE r_.ctx IN $_contexts] WHERE 'Activity' IN r_.kinds)) OR EXISTS { (x)-[e_4:USED|WAS_INFORMED_BY]->() WHERE e_4.ctx IN $_contexts } OR EXISTS { (x)<-[e_5:WAS_GENERATED_BY|WAS_INFORMED_BY]-() WHERE e_5.ctx IN $_contexts } OR EXISTS { (x)-[e_6:PART_OF]-() WHERE e_6.ctx IN $_contexts AND e_6.role = 'part' }) AS proper
CALL (seeds) {
  UNWIND seeds AS s
  CALL (s) {
    MATCH (s) (()-[r_7:FLOW WHERE r_7.ctx IN $_contexts]->())* (a)
    RETURN DISTINCT a
  }
  RETURN DISTINCT a
}
OPTIONAL MATCH (a)-[e:FLOW]->(b) WHERE e.ctx IN $_contexts
WITH a, CASE WHEN a IN seeds THEN proper END AS seed, collect(CASE e.step WHEN 0 THEN elementId(b) END) AS near, collect(CASE e.step WHEN 1 THEN elementId(b) END) AS far
RETURN collect([elementId(a), coalesce(a.of, a.id), true, seed, near, far]);

MATCH (x:Resource {id: $thing})
WHERE ([rows_1 IN [[r_ IN [x] + COLLECT { MATCH (x)<-[:FACET_OF]-(facet_2:Facet) RETURN facet_2 } WHERE r_.ctx IN $_contexts]] | size(rows_1) > 0][0] OR EXISTS { (x)-[e_3:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_3.ctx IN $_contexts })
MATCH (y:Resource {id: $other})
WHERE ([rows_4 IN [[r_ IN [y] + COLLECT { MATCH (y)<-[:FACET_OF]-(facet_5:Facet) RETURN facet_5 } WHERE r_.ctx IN $_contexts]] | size(rows_4) > 0][0] OR EXISTS { (y)-[e_6:USED|WAS_GENERATED_BY|WAS_DERIVED_FROM|WAS_INFORMED_BY|SPECIALIZATION_OF|HAD_MEMBER|ALTERNATE_OF|WAS_INVALIDATED_BY|WAS_STARTED_BY|WAS_ENDED_BY|WAS_ATTRIBUTED_TO|WAS_ASSOCIATED_WITH|ACTED_ON_BEHALF_OF|WAS_INFLUENCED_BY|HAD_PLAN|PART_OF|HAS_SETTING|EVALUATION_OF|ON_DATA|HAS_FEATURE|RAN_ON|SUBMITTED_AS|ABOUT|LOCATED_IN|BROADER|MEASURED_BY|EXCLUDED|INSTANCE_OF]-() WHERE e_6.ctx IN $_contexts })
UNWIND range(0, size($_way_8.of) - 1) AS place_9
MATCH (n:Resource {id: $_way_8.of[place_9]})
OPTIONAL MATCH (via:Resource {id: [i_ IN [place_9 - 1] WHERE i_ >= 0 | $_way_8.of[i_]][0]})
WITH *, place_9 AS depth
OPTIONAL MATCH (via)-[e_10:USED|WAS_GENERATED_BY]->(n)
WHERE e_10.ctx IN $_contexts
WITH *, $_relations[type(e_10)] AS relation
WITH DISTINCT coalesce(n.long_id, n.id) AS col_n, depth AS col_depth, coalesce(via.long_id, via.id) AS col_via, relation AS col_relation
ORDER BY col_depth, col_n, col_via, col_relation
LIMIT $_limit
RETURN collect([col_n, col_depth, col_via, col_relation]);

// The best score of each model of the trainings: of its evaluations, else of its training's points.
UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})<-[:wasGeneratedBy]-(m:ProvEntity {type: 'Model'})
WITH DISTINCT id, a, m
CALL (m) {
  MATCH (m)<-[:wasInfluencedBy]-(:ProvEntity {label: 'evaluationOf'})<-[:hadMember]-(v:ProvEntity)
  WHERE v.type = 'ModelEvaluation' AND v.label = $measure AND v.number IS NOT NULL AND ($words IS NULL OR EXISTS {
    MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'}) WHERE s.value IN $words
  })
  RETURN collect(v.number) AS evaluated
}
CALL (a, evaluated) {
  UNWIND evaluated AS value
  RETURN value
  UNION ALL
  WITH a, evaluated WHERE size(evaluated) = 0
  MATCH (a)<-[g:wasGeneratedBy {role: 'point'}]-(p:ProvEntity {label: $measure})
  WHERE abs(p.number) <= 1.7976931348623157e308 AND ($splits IS NULL OR any(s IN $splits WHERE g.labels CONTAINS s))
  RETURN p.number AS value
}
WITH id, m, CASE WHEN $greatest = 1 THEN max(value) ELSE min(value) END AS value
WITH id, m, value, CASE WHEN $greatest = 1 THEN -value ELSE value END AS worth
ORDER BY id, worth, m.id LIMIT $_limit
RETURN collect([id, worth, m.id, m.label, value])

// The models of an experiment's trainings by their best score: of their evaluations, else of their training's points.
MATCH (x:ProvEntity {id: $thing})
CALL (x) {
  MATCH (x) (()<-[:wasInfluencedBy]-(v:ProvEntity)<-[:used|hadMember]-()
    WHERE v.label IN ['partOf/experiment', 'partOf/part', 'partOf/study'])+ (a:ProvActivity)
  RETURN DISTINCT a
}
MATCH (a)<-[:wasGeneratedBy]-(m:ProvEntity)
WHERE a.type = 'Training' AND m.type = 'Model'
WITH DISTINCT a, m
CALL (m) {
  MATCH (m)<-[:wasInfluencedBy]-(:ProvEntity {label: 'evaluationOf'})<-[:hadMember]-(v:ProvEntity)
  WHERE v.type = 'ModelEvaluation' AND v.label = $measure AND v.number IS NOT NULL
  OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'})
  WITH v, collect(s.value) AS splits, min(s.value) AS split
  WHERE $words IS NULL OR any(s IN splits WHERE s IN $words)
  OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(:ProvEntity {label: 'onData'})-[:wasInfluencedBy]->(d)
  RETURN collect({value: v.number, on: d, split: split, v: v.id}) AS evaluated
}
CALL (a, evaluated) {
  UNWIND evaluated AS e
  RETURN e.value AS value, e.on AS on, e.split AS split, null AS labels, e.v AS v
  UNION ALL
  WITH a, evaluated WHERE size(evaluated) = 0
  MATCH (a)<-[g:wasGeneratedBy {role: 'point'}]-(p:ProvEntity {label: $measure})
  WHERE abs(p.number) <= 1.7976931348623157e308 AND ($splits IS NULL OR any(s IN $splits WHERE g.labels CONTAINS s))
  WITH coalesce(g.labels, '') AS labels, CASE WHEN $greatest = 1 THEN max(p.number) ELSE min(p.number) END AS value
  RETURN value, null AS on, null AS split, labels, null AS v
}
WITH a, m, value, on, split, labels, v, CASE WHEN $greatest = 1 THEN -value ELSE value END AS worth
ORDER BY worth, on.id, split, labels, v
WITH a, m, collect([worth, value, split, on.id, on.label, labels])[0] AS best
ORDER BY best[0], m.id, a.id LIMIT $_limit
RETURN collect([m.id, m.label, best[1], best[2], best[3], best[4], a.id, a.label, best[5], best[0]])

// What lies in a place, or is of a class or a narrower one; the data about that; the best score of each model on it.
MATCH (x:ProvEntity {id: $thing})
CALL (x) {
  MATCH (x) (()<-[:wasInfluencedBy]-(v:ProvEntity)<-[:hadMember]-() WHERE v.label = 'locatedIn')* (y:ProvEntity)
  RETURN DISTINCT y
  UNION
  MATCH (x) (()<-[:wasInfluencedBy]-(v:ProvEntity)<-[:hadMember]-() WHERE v.label = 'broader')* (c:ProvEntity)
  MATCH (c)<-[:wasInfluencedBy]-(:ProvEntity {label: 'instanceOf'})<-[:hadMember]-(y:ProvEntity)
  RETURN DISTINCT y
}
MATCH (y)<-[:wasInfluencedBy]-(:ProvEntity {label: 'about'})<-[:hadMember]-(d:ProvEntity)
WITH DISTINCT d, coalesce(y.label, y.id) AS name ORDER BY name
WITH d, collect(name) AS entities
MATCH (d)<-[:wasInfluencedBy]-(:ProvEntity {label: 'onData'})<-[:hadMember]-(v:ProvEntity)
WHERE v.type = 'ModelEvaluation' AND v.label = $measure AND v.number IS NOT NULL AND ($words IS NULL OR EXISTS {
  MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'}) WHERE s.value IN $words
})
MATCH (v)-[:hadMember {role: 'attribute'}]->(:ProvEntity {label: 'evaluationOf'})-[:wasInfluencedBy]->(m:ProvEntity)
WHERE m.type = 'Model'
OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'})
WITH m, d, v, entities, min(s.value) AS split, CASE WHEN $greatest = 1 THEN -v.number ELSE v.number END AS worth
ORDER BY worth, d.label, d.id, v.number, split, v.id
WITH m, collect([worth, v.number, split, d.id, d.label, entities])[0] AS best
ORDER BY best[0], m.label, m.id LIMIT $_limit
RETURN collect([m.id, m.label, best[1], best[2], best[3], best[4], best[5], best[0]])

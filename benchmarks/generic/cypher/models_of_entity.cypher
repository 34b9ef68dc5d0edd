// What lies in a place; the data about that; what came of that, as PROV reads it: all that an activity generated came of
// all that it used. From a thing's data first to what used it, as that is less to start from. A closure of single
// relationships is walked breadth first; one that compared times could only list all ways.
MATCH (x:ProvEntity {id: $thing})
CALL (x) {
  MATCH (x) (()<-[:wasInfluencedBy]-(v:ProvEntity)<-[:hadMember]-() WHERE v.label = 'locatedIn')* (y:ProvEntity)
  RETURN DISTINCT y
}
MATCH (y)<-[:wasInfluencedBy]-(:ProvEntity {label: 'about'})<-[:hadMember|used]-(d)
MATCH (d)<-[:used|wasGeneratedBy|wasDerivedFrom|specializationOf|hadMember|wasInformedBy]-(s)
WITH DISTINCT y, s
CALL (s) {
  MATCH (s) (()<-[r:used|wasGeneratedBy|wasDerivedFrom|specializationOf|hadMember|wasInformedBy
    WHERE r.role IS NULL OR NOT r.role IN ['point', 'attribute']]-())* (m)
  RETURN DISTINCT m
}
WITH DISTINCT y, m WHERE m:ProvEntity AND m.type = 'Model'
MATCH (m)-[:wasGeneratedBy]->(a:ProvActivity) WHERE a.type = 'Training'
WITH DISTINCT m, a, coalesce(y.label, y.id) AS name ORDER BY name
WITH m, a, collect(name) AS entities
OPTIONAL MATCH (m)<-[:wasInfluencedBy]-(:ProvEntity {label: 'evaluationOf'})<-[:hadMember]-(v:ProvEntity)
WHERE v.type = 'ModelEvaluation' AND ($measure IS NULL OR v.label = $measure) AND ($words IS NULL OR EXISTS {
  MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'}) WHERE s.value IN $words
})
OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(:ProvEntity {label: 'onData'})-[:wasInfluencedBy]->(d)
OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'})
WITH m, a, entities, v, d, min(s.value) AS split
ORDER BY m.label, m.id, v.label, d.label, d.id, v.number, a.id LIMIT $_limit
RETURN collect([m.id, m.label, a.id, a.label, entities, v.label, v.number, split, d.id, d.label])

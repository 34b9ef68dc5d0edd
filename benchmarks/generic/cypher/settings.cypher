// Of the trainings and of their sections.
UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})
CALL (a) {
  MATCH (a)-[:used {role: 'setting'}]->(s)
  RETURN s
  UNION
  MATCH (a)<-[:wasInfluencedBy]-(:ProvEntity {label: 'partOf/section'})<-[:used]-(e:ProvActivity)
  MATCH (e)-[:used {role: 'setting'}]->(s)
  RETURN s
}
WITH DISTINCT id, s.label AS name, s.value AS value
ORDER BY id, name, value LIMIT $_limit
RETURN collect([id, name, value])

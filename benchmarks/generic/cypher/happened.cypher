// A start and an end of each activity, and the ends of the jobs that they were submitted as. Who said so (the writer) is
// in begat's books, not in PROV.
UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})
CALL (a) {
  WITH a WHERE a.started IS NOT NULL
  RETURN null AS outcome, a.started AS at, null AS job
  UNION ALL
  MATCH (a)<-[:wasGeneratedBy {role: 'attribute'}]-(v:ProvEntity {label: 'outcome'})
  RETURN v.value AS outcome, a.ended AS at, null AS job
  UNION ALL
  MATCH (a)-[:used {role: 'attribute'}]->(:ProvEntity {label: 'submittedAs'})-[:wasInfluencedBy]->(j:ProvActivity)
  MATCH (j)<-[:wasGeneratedBy {role: 'attribute'}]-(v:ProvEntity {label: 'outcome'})
  RETURN v.value AS outcome, j.ended AS at, j.id AS job
}
WITH id, outcome, at, job ORDER BY id LIMIT $_limit
RETURN collect([id, null, outcome, at, job])

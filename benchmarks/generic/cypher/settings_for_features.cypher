// The trainings on data that has all these features, each named by label or id.
UNWIND $features AS word
CALL (word) {
  MATCH (f:ProvEntity {label: word}) WHERE f.type = 'Feature' RETURN f
  UNION
  MATCH (f:ProvEntity {id: word}) WHERE f.type = 'Feature' RETURN f
}
MATCH (f)<-[:wasInfluencedBy]-(:ProvEntity {label: 'hasFeature'})<-[:hadMember]-(d:ProvEntity)
WHERE d.type IN ['Dataset', 'LearningDataset']
WITH DISTINCT word, d
MATCH (d)<-[:used]-(a:ProvActivity)
WHERE a.type = 'Training'
WITH a, count(DISTINCT word) AS had
WHERE had = $asked
WITH a.id AS id, a.label AS name ORDER BY id LIMIT $_limit
RETURN collect([id, name])

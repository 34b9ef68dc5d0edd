UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})-[u:used]->(d:ProvEntity)
WHERE d.type IN ['Dataset', 'LearningDataset']
WITH DISTINCT id, u.role AS role, d
OPTIONAL MATCH (d)-[:hadMember {role: 'attribute'}]->(x:ProvEntity {label: 'digest'})
WITH id, role, d.id AS data, d.label AS name, min(x.value) AS digest
ORDER BY id, role, data LIMIT $_limit
RETURN collect([id, role, data, name, digest])

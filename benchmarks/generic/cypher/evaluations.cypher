// Of the models that the trainings made, each on the data it was made on.
UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})<-[:wasGeneratedBy]-(m:ProvEntity {type: 'Model'})
MATCH (m)<-[:wasInfluencedBy]-(:ProvEntity {label: 'evaluationOf'})<-[:hadMember]-(v:ProvEntity)
WHERE v.type = 'ModelEvaluation'
OPTIONAL MATCH (v)-[:hadMember]->(:ProvEntity {label: 'onData'})-[:wasInfluencedBy]->(d:ProvEntity)
OPTIONAL MATCH (v)-[:hadMember {role: 'attribute'}]->(s:ProvEntity {label: 'split'})
OPTIONAL MATCH (d)-[:hadMember {role: 'attribute'}]->(x:ProvEntity {label: 'digest'})
WITH id, v, d, min(s.value) AS split, min(x.value) AS digest
ORDER BY id, v.label, split, d.id, v.number, v.id LIMIT $_limit
RETURN collect([id, v.label, split, d.id, d.label, digest, v.number, v.id, null])

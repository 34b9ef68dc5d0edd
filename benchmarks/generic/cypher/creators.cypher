UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})-[w:wasAssociatedWith]->(p:ProvAgent)
WITH DISTINCT id, w.role AS role, p.id AS person, p.label AS name
ORDER BY id, role, person LIMIT $_limit
RETURN collect([id, role, person, name])

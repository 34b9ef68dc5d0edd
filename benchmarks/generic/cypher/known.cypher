CALL () {
  MATCH (x:ProvEntity {id: $id}) RETURN x.id AS id
  UNION ALL
  MATCH (x:ProvActivity {id: $id}) RETURN x.id AS id
  UNION ALL
  MATCH (x:ProvAgent {id: $id}) RETURN x.id AS id
}
WITH id LIMIT $_limit
RETURN collect([id])

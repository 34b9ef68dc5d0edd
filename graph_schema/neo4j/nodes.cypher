// Nodes and their descriptions. @LABELS@ are labels, with colons between.

// :known
UNWIND $ids AS id
MATCH (n:Resource {id: id})
RETURN id, n.ctx IS NOT NULL

// :create
UNWIND $rows AS row
CREATE (n:Resource) SET n = row.p, n:$(row.labels)

// :create_alike
UNWIND $rows AS row
CREATE (n:Resource:@LABELS@) SET n = row

// :create_named
UNWIND $ids AS id
CREATE (:Resource {id: id})

// :load
UNWIND $ids AS id
MATCH (n:Resource {id: id})
CALL (n) { RETURN n AS d UNION ALL MATCH (n)<-[:FACET_OF]-(d:Facet) RETURN d }
WITH id, d WHERE d.ctx IS NOT NULL
RETURN id, d:Facet, properties(d), COLLECT { MATCH (d)<-[:PAST_OF]-(h:Past) RETURN h {.*, element: elementId(h)} }

// :put
UNWIND $rows AS row
MATCH (n:Resource {id: row.id})
SET n += row.p, n:$(row.labels)

// :put_facets
UNWIND $rows AS row
MATCH (n:Resource {id: row.id})
SET n:$(row.labels)
MERGE (n)<-[:FACET_OF]-(f:Facet {ctx: row.p.ctx})
SET f += row.p, f.of = row.id

// :put_past
UNWIND $rows AS row
MATCH (n:Resource {id: row.id})
CALL (n, row) {
  WITH n, row WHERE n.ctx = row.ctx RETURN n AS d
  UNION ALL
  MATCH (n)<-[:FACET_OF]-(d:Facet {ctx: row.ctx}) RETURN d
}
CREATE (d)<-[:PAST_OF]-(h:Past) SET h = row.p

// :drop_past
UNWIND $elements AS element
MATCH (h) WHERE elementId(h) = element DETACH DELETE h

// :forget
UNWIND $ids AS id
MATCH (n:Resource {id: id})
OPTIONAL MATCH (n)<-[:FACET_OF]-(f:Facet)
OPTIONAL MATCH (n)<-[:PAST_OF]-(h:Past)
OPTIONAL MATCH (f)<-[:PAST_OF]-(g:Past)
DETACH DELETE f, h, g
WITH DISTINCT n, id
SET n = {id: id, tail: n.tail, long_id: n.long_id}
REMOVE n:$([label IN labels(n) WHERE NOT label IN ['Resource', 'Marked', 'LongId']])

// :put_long
UNWIND $rows AS row
MATCH (n:Resource {id: row.id})
SET n:LongId, n.long_id = row.long

// All that is stored. @TYPE@ is a relation's type.

// :long_ids
MATCH (n:LongId) RETURN n.id, n.long_id

// :nodes
MATCH (n:Resource) WHERE n.ctx IS NOT NULL
RETURN n.id, properties(n), COLLECT { MATCH (n)<-[:PAST_OF]-(h:Past) RETURN properties(h) }

// :facets
MATCH (n:Facet)
RETURN n.of, properties(n), COLLECT { MATCH (n)<-[:PAST_OF]-(h:Past) RETURN properties(h) }

// :relations
MATCH (s)-[r:@TYPE@]->(d)
RETURN s.id, d.id, properties(r)

// :open_relations
MATCH (r:OpenRelation)
RETURN r.relation, r.source, r.target, properties(r)

// :aliases
MATCH (o)-[r:ALIAS_OF]->(v)
RETURN o.id, v.id, r.ctx, r.t, r.w, r.n

// :points
MATCH (n)-[:HAS_SERIES]->(s:Series)-[:HAS_POINTS]->(p)
RETURN n.id, s.ctx, s.name, s.labels, properties(p)

// :rollups
MATCH (n)-[:HAS_SERIES]->(s:Series)
RETURN n.id, properties(s)

// :flows
MATCH (s)-[f:FLOW]->(d)
RETURN coalesce(s.of, s.id), s.kind, s.t, s.w, s.n, coalesce(d.of, d.id), d.kind, d.t, d.w, d.n, f.ctx, f.t

// :nodes_of
UNWIND $ids AS id
MATCH (r:Resource {id: id})
CALL (r) { WITH r WHERE r.ctx IS NOT NULL RETURN r AS n UNION ALL MATCH (r)<-[:FACET_OF]-(n:Facet) RETURN n }
RETURN id, properties(n), COLLECT { MATCH (n)<-[:PAST_OF]-(h:Past) RETURN properties(h) }

// :relations_from
UNWIND $ids AS id
MATCH (s:Resource {id: id})-[r:@TYPES@]->(d)
RETURN type(r), id, d.id, properties(r)

// :relations_to
UNWIND $ids AS id
MATCH (s)-[r:@TYPES@]->(d:Resource {id: id}) WHERE NOT s.id IN $ids
RETURN type(r), s.id, id, properties(r)

// :open_relations_of
MATCH (r:OpenRelation) WHERE r.source IN $ids OR r.target IN $ids
RETURN r.relation, r.source, r.target, properties(r)

// :points_of
UNWIND $ids AS id
MATCH (:Resource {id: id})-[:HAS_SERIES]->(s:Series)-[:HAS_POINTS]->(p)
RETURN id, s.ctx, s.name, s.labels, properties(p)

// :kinds
MATCH (n:@KIND@) WHERE n:Resource RETURN count(n)

// :types
MATCH (n:Resource) WHERE n.type IS NOT NULL UNWIND n.types AS type RETURN type, count(*)

// :types_in_facets
CALL () {
  MATCH (n:Resource) WHERE n.type IS NOT NULL UNWIND n.types AS type RETURN n.id AS id, type
  UNION
  MATCH (f:Facet) UNWIND f.types AS type RETURN f.of AS id, type
}
RETURN type, count(*)

// :any_facet
MATCH (f:Facet) RETURN 1 LIMIT 1

// :count
MATCH ()-[r:@TYPE@]->() RETURN count(r)

// :counts
RETURN COUNT { (:OpenRelation) }, COUNT { (:Quarantined) }, COUNT { (:Marked) },
  COLLECT { MATCH (s:Series) RETURN sum(s.count) }[0],
  COLLECT { MATCH (w:Writer) RETURN sum(w.dropped) }[0],
  COLLECT { MATCH (b:Begat {one: true}) RETURN b.commits }[0]

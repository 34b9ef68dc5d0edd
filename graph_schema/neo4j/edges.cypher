// Relations and aliases. @TYPE@ is a relation's type, @ALL@ all of them.

// :create
UNWIND $rows AS row
MATCH (s:Resource {id: row.s})
MATCH (d:Resource {id: row.d})
CREATE (s)-[r:@TYPE@]->(d) SET r = row.p

// :merge
UNWIND $rows AS row
MATCH (s:Resource {id: row.s})
MATCH (d:Resource {id: row.d})
MERGE (s)-[r:@TYPE@ {ctx: row.p.ctx, q: row.p.q}]->(d)
ON CREATE SET r = row.p
ON MATCH SET r = CASE
  WHEN coalesce(row.p.t, $never) < coalesce(r.t, $never)
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w < r.w
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w = r.w AND row.p.n < r.n
  THEN row.p ELSE properties(r) END

// :between
UNWIND $rows AS row
MATCH (s:Resource {id: row[0]})
MATCH (d:Resource {id: row[1]})
MATCH (s)-[r:@TYPE@]->(d) WHERE r.q IN row[2]
RETURN row[0], row[1], r.ctx, r.q, r.t

// :put_open
UNWIND $rows AS row
MERGE (r:OpenRelation {key: row.p.key})
ON CREATE SET r = row.p
ON MATCH SET r += CASE
  WHEN coalesce(row.p.t, $never) < coalesce(r.t, $never)
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w < r.w
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w = r.w AND row.p.n < r.n
  THEN {t: row.p.t, w: row.p.w, n: row.p.n, more: row.p.more} ELSE {} END

// :put_aliases
UNWIND $rows AS row
MATCH (o:Resource {id: row.s})
MATCH (v:Resource {id: row.d})
MERGE (o)-[r:ALIAS_OF {ctx: row.p.ctx}]->(v)
ON CREATE SET r = row.p
ON MATCH SET r = CASE
  WHEN coalesce(row.p.t, $never) < coalesce(r.t, $never)
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w < r.w
    OR coalesce(row.p.t, $never) = coalesce(r.t, $never) AND row.p.w = r.w AND row.p.n < r.n
  THEN row.p ELSE properties(r) END

// :any_alias
MATCH ()-[r:ALIAS_OF]->() RETURN 1 LIMIT 1

// :aliases_of
UNWIND $ids AS id
MATCH (o:Resource {id: id})-[r:ALIAS_OF]->(v)
RETURN id, v.id, r.t, r.w, r.n

// :said_of
UNWIND $ids AS id
MATCH (o:Resource {id: id})
CALL (o) { RETURN o AS x UNION MATCH (o)-[:ALIAS_OF]->(x) RETURN x }
MATCH (x)-[r:@ALL@]-()
WITH DISTINCT r
WITH r, startNode(r).id AS s, endNode(r).id AS d
WHERE coalesce(r.sobs, s) IN $ids OR coalesce(r.dobs, d) IN $ids
RETURN elementId(r), s, type(r), d, properties(r)

// :drop
UNWIND $elements AS element
MATCH ()-[r]->() WHERE elementId(r) = element DELETE r

// :repoint_open_sources
UNWIND $rows AS row
MATCH (r:OpenRelation {said_source: row.observation})
SET r.source = row.version, r.sobs = row.observation

// :repoint_open_targets
UNWIND $rows AS row
MATCH (r:OpenRelation {said_target: row.observation})
SET r.target = row.version, r.dobs = row.observation

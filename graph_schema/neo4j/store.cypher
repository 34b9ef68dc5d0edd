// The store itself: its version, its lock, who wrote how much, what was kept aside, commits.

// :version
MATCH (b:Begat {one: true}) RETURN b.schema

// :strangers
MATCH (n) WHERE n:Resource OR n:Commit RETURN count(n)

// :begin
MERGE (b:Begat {one: true})
ON CREATE SET b.schema = $schema, b.commits = 0, b.wide = false, b.id = randomUUID(),
  b.made = datetime.realtime().epochMillis * 1000

// :raise
MATCH (b:Begat {one: true}) SET b.schema = $schema

// :lock
MATCH (b:Begat {one: true}) SET b.turn = true

// :locked
MATCH (b:Begat {one: true}) RETURN b.schema, b.commits, b.wide

// :head
MATCH (b:Begat {one: true}) RETURN b.commits

// :widen
MATCH (b:Begat {one: true}) SET b.wide = true

// :committed
UNWIND $rows AS row
MATCH (b:Begat {one: true}) SET b.commits = row.number
CREATE (:Commit {number: row.number, body: row.body})

// :contexts
MATCH (c:Context) RETURN c.ctx, c.project, c.bundle ORDER BY c.ctx

// :put_contexts
UNWIND $rows AS row
CREATE (:Context {ctx: row.ctx, project: row.project, bundle: row.bundle})

// :ranges
UNWIND $writers AS id
MATCH (w:Writer {id: id}) WHERE w.firsts IS NOT NULL
RETURN id, w.firsts, w.lasts

// :put_ranges
UNWIND $rows AS row
MERGE (w:Writer {id: row.id})
SET w.firsts = row.firsts, w.lasts = row.lasts

// :headers
UNWIND $writers AS id
MATCH (w:Writer {id: id}) WHERE w.header IS NOT NULL
RETURN id, w.header, w.last, w.dropped

// :put_headers
UNWIND $rows AS row
MERGE (w:Writer {id: row.id})
SET w.header = row.header, w.last = row.last, w.dropped = row.dropped

// :writers
MATCH (w:Writer) WHERE w.header IS NOT NULL
RETURN w.header, w.last, w.dropped ORDER BY w.id

// :put_bookmarks
UNWIND $rows AS row
MERGE (b:Bookmark {source: row.source})
SET b.offset = row.offset

// :bookmarks
MATCH (b:Bookmark) RETURN b.source, b.offset

// :put_quarantined
UNWIND $rows AS row
MERGE (q:Quarantined {source: row.source, offset: row.offset})
ON CREATE SET q.reason = row.reason, q.raw = row.raw

// :quarantined
MATCH (q:Quarantined) RETURN q.source, q.offset, q.reason, q.raw ORDER BY q.source, q.offset

// :commits
MATCH (c:Commit) WHERE c.number > $since
RETURN c.number, c.body ORDER BY c.number LIMIT $many

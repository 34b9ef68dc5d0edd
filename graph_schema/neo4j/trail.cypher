// The trails of activities that late events come to: FLOW relationships that carry their events. Ordered as the index
// is, `of` and `rank` too, and compared by CASE instead of OR: only then the server stops reading at the limit. The
// index is named: to a server that has not counted a young store's relationships yet, another plan looks as good.

// :last
UNWIND $rows AS row
CALL (row) {
  MATCH ()-[f:FLOW]->() USING INDEX SEEK f:FLOW(of, rank, at)
  WHERE f.of = row.of AND f.rank = row.rank AND f.at <= row.t
    AND CASE WHEN f.at < row.t THEN true WHEN f.w = row.w THEN f.n < row.n ELSE f.w < row.w END
  RETURN f ORDER BY f.of DESC, f.rank DESC, f.at DESC, f.w DESC, f.n DESC LIMIT 1
}
RETURN row.i, f.at, f.w, f.n

// :since
UNWIND $rows AS row
CALL (row) {
  MATCH (s)-[f:FLOW]->(d) USING INDEX SEEK f:FLOW(of, rank, at)
  WHERE f.of = row.of AND f.rank = row.rank AND f.at >= row.t AND f.at <= row.end.t
    AND CASE WHEN f.at > row.t THEN true WHEN f.w = row.w THEN f.n >= row.n ELSE f.w > row.w END
    AND CASE WHEN f.at < row.end.t THEN true WHEN f.w = row.end.w THEN f.n < row.end.n ELSE f.w < row.end.w END
  RETURN s, f, d ORDER BY f.of, f.rank, f.at, f.w, f.n LIMIT $many
}
RETURN row.i, f.at, f.w, f.n, f.ctx,
  coalesce(s.of, s.id), s.kind, s.t, s.w, s.n, coalesce(d.of, d.id), d.kind, d.t, d.w, d.n

// :used
UNWIND $rows AS row
MATCH (:Resource {id: row.e})<-[f:FLOW]-()
WHERE f.of = row.of AND f.rank = $rank AND f.ctx = row.ctx
RETURN row.of, row.e, row.ctx, f.at, f.w, f.n

// The last point of each series of the trainings.
UNWIND $ids AS id
MATCH (a:ProvActivity {id: id})
CALL (a) {
  MATCH (a)<-[g:wasGeneratedBy {role: 'point'}]-(p:ProvEntity)
  WITH p.label AS measure, g.labels AS labels, max([g.t, g.n, p.number]) AS last
  RETURN measure, labels, last[2] AS value
}
WITH id, measure, labels, value ORDER BY id, measure, labels, value LIMIT $_limit
RETURN collect([id, measure, labels, value])

// The trainings of an experiment or study; all, where none is given.
CALL () {
  WITH 1 AS one WHERE $thing IS NOT NULL
  MATCH (x:ProvEntity {id: $thing})
  MATCH (x) (()<-[:wasInfluencedBy]-(v:ProvEntity)<-[:used|hadMember]-()
    WHERE v.label IN ['partOf/experiment', 'partOf/part', 'partOf/study'])+ (a:ProvActivity)
  RETURN DISTINCT a
  UNION
  WITH 1 AS one WHERE $thing IS NULL
  MATCH (a:ProvActivity {type: 'Training'})
  RETURN a
}
WITH a WHERE a.type = 'Training'
WITH a.id AS id, a.label AS name ORDER BY id LIMIT $_limit
RETURN collect([id, name])

// The schema, number 1: see README.md for what the labels hold.

// :resource
CREATE CONSTRAINT resource_id IF NOT EXISTS FOR (n:Resource) REQUIRE n.id IS UNIQUE

// :phase
CREATE CONSTRAINT phase_key IF NOT EXISTS FOR (n:Phase) REQUIRE n.key IS UNIQUE

// :series
CREATE CONSTRAINT series_key IF NOT EXISTS FOR (n:Series) REQUIRE n.key IS UNIQUE

// :open_relation
CREATE CONSTRAINT open_relation_key IF NOT EXISTS FOR (n:OpenRelation) REQUIRE n.key IS UNIQUE

// :context
CREATE CONSTRAINT context_ctx IF NOT EXISTS FOR (n:Context) REQUIRE n.ctx IS UNIQUE

// :writer
CREATE CONSTRAINT writer_id IF NOT EXISTS FOR (n:Writer) REQUIRE n.id IS UNIQUE

// :commit
CREATE CONSTRAINT commit_number IF NOT EXISTS FOR (n:Commit) REQUIRE n.number IS UNIQUE

// :bookmark
CREATE CONSTRAINT bookmark_source IF NOT EXISTS FOR (n:Bookmark) REQUIRE n.source IS UNIQUE

// :quarantined
CREATE CONSTRAINT quarantined_place IF NOT EXISTS FOR (n:Quarantined) REQUIRE (n.source, n.offset) IS UNIQUE

// :begat
CREATE CONSTRAINT begat_one IF NOT EXISTS FOR (n:Begat) REQUIRE n.one IS UNIQUE

// :name
CREATE TEXT INDEX resource_name IF NOT EXISTS FOR (n:Resource) ON (n.name)

// :facet_name
CREATE TEXT INDEX facet_name IF NOT EXISTS FOR (n:Facet) ON (n.name)

// :trail
CREATE INDEX flow_trail IF NOT EXISTS FOR ()-[f:FLOW]-() ON (f.of, f.rank, f.at)

// :points
CREATE INDEX points_commit IF NOT EXISTS FOR (n:Points) ON (n.commit)

// :open_source
CREATE INDEX open_relation_said_source IF NOT EXISTS FOR (n:OpenRelation) ON (n.said_source)

// :open_target
CREATE INDEX open_relation_said_target IF NOT EXISTS FOR (n:OpenRelation) ON (n.said_target)

-- Generic PROV in SQLite: laid out as begat's own store is, with integer keys, clustered relations and an index for the
-- way back, so that only the form differs. Times are microseconds since the epoch, UTC. A role is '' where there is none.
CREATE TABLE entity (
    nid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT, label TEXT, value TEXT, number REAL
);
CREATE TABLE activity (
    nid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT, label TEXT, started INTEGER, ended INTEGER
);
CREATE TABLE agent (nid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT, label TEXT);

CREATE TABLE used (
    activity INTEGER NOT NULL, role TEXT NOT NULL, entity INTEGER NOT NULL, t INTEGER, n INTEGER NOT NULL, more TEXT,
    PRIMARY KEY (activity, role, entity, n)
) WITHOUT ROWID;
CREATE TABLE was_generated_by (
    entity INTEGER NOT NULL, activity INTEGER NOT NULL, role TEXT NOT NULL, t INTEGER, n INTEGER NOT NULL,
    exact INTEGER NOT NULL, more TEXT, labels TEXT, step REAL, section TEXT,
    PRIMARY KEY (entity, activity, role, n)
) WITHOUT ROWID;
CREATE TABLE had_member (
    collection INTEGER NOT NULL, role TEXT NOT NULL, member INTEGER NOT NULL, n INTEGER NOT NULL, more TEXT,
    PRIMARY KEY (collection, role, member, n)
) WITHOUT ROWID;
CREATE TABLE was_associated_with (
    activity INTEGER NOT NULL, role TEXT NOT NULL, agent INTEGER NOT NULL, n INTEGER NOT NULL, more TEXT,
    PRIMARY KEY (activity, role, agent, n)
) WITHOUT ROWID;
-- The rest of PROV's: wasDerivedFrom, specializationOf, wasInformedBy, actedOnBehalfOf ...
CREATE TABLE relation (
    s INTEGER NOT NULL, name TEXT NOT NULL, d INTEGER NOT NULL, role TEXT NOT NULL, t INTEGER, n INTEGER NOT NULL,
    more TEXT, PRIMARY KEY (s, name, d, n)
) WITHOUT ROWID;

-- Made when all is loaded. An attribute by its name and value; products apart from the points and attributes.
CREATE INDEX entity_by_label ON entity (label, value);
CREATE INDEX activity_by_type ON activity (type, id);
CREATE INDEX used_back ON used (entity, activity, role, t);
CREATE INDEX generated_back ON was_generated_by (activity, role, entity);
CREATE INDEX generated_products ON was_generated_by (activity, t, entity) WHERE role NOT IN ('point', 'attribute');
CREATE INDEX member_back ON had_member (member, collection, role);
CREATE INDEX relation_back ON relation (d, name, s);

-- The embedded store as a new one is made: what schema 1 and all of migrations/ come to. SQL of SQLite 3.26; never
-- ANALYZE it (a Bloom filter over all edges would follow).
-- Times are microseconds since the epoch, UTC. A position is (t, w, n): time, writer, sequence number.

PRAGMA application_id = 1650812769;
-- Which store this is, when it was made: commits are numbered anew in another. made: null where that is not known.
CREATE TABLE store (id TEXT NOT NULL, made INTEGER);
INSERT INTO store VALUES (lower(hex(randomblob(16))), CAST(strftime('%s', 'now') AS INTEGER) * 1000000);

CREATE TABLE ident (nid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE context (ctx INTEGER PRIMARY KEY, project TEXT NOT NULL, bundle TEXT NOT NULL, UNIQUE (project, bundle));
-- Writer 0 is "": statements from documents, which have no writer.
CREATE TABLE writer (
    w INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    header TEXT, last INTEGER, dropped INTEGER NOT NULL DEFAULT 0
);
-- Codes of begat's own types are those of terms.py; foreign types get 1000 and up as they come.
CREATE TABLE type (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- One row a node and context, in the common case the only record of the node. Descriptions own kinds .. vn, of the
-- starts the least is here, of the ends the greatest. An id with no row here was only ever named: a placeholder.
CREATE TABLE node (
    nid INTEGER NOT NULL, ctx INTEGER NOT NULL,
    kinds INTEGER NOT NULL DEFAULT 0,        -- bits of terms.KINDS
    type INTEGER,                            -- the first of its types; further ones in node_type
    name TEXT, attrs TEXT,                   -- attrs: canonical JSON object, each value a sorted list
    value TEXT, number REAL,                 -- of settings and evaluations: canonical JSON, and the number in it
    t INTEGER, w INTEGER, n INTEGER,         -- position of the name
    vt INTEGER, vw INTEGER, vn INTEGER,      -- position of the value
    st INTEGER, sw INTEGER, sn INTEGER,
    et INTEGER, ew INTEGER, en INTEGER, outcome TEXT, error TEXT, trace TEXT,
    PRIMARY KEY (nid, ctx)
) WITHOUT ROWID;
-- Lists in the order in which things were seen, started or else named, the never seen last; see queries/sql/walk.py.
CREATE INDEX node_by_type ON node (type, ctx, coalesce(st, t, -9223372036854775808));
CREATE INDEX node_by_name ON node (name) WHERE name IS NOT NULL;
-- Activities that are no LearningStageSection, whose code is 21; entities that are no HyperparameterSetting, 11.
CREATE INDEX node_run ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 2 AND type IS NOT 21;
CREATE INDEX node_entity ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 1 AND type IS NOT 11;
CREATE INDEX node_agent ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 4;
CREATE TABLE node_type (
    nid INTEGER NOT NULL, ctx INTEGER NOT NULL, type INTEGER NOT NULL, PRIMARY KEY (nid, ctx, type)
) WITHOUT ROWID;
CREATE INDEX node_type_by_type ON node_type (type);
-- Values of single-valued columns that another has overruled, each with its latest position: key is name, value, start
-- (value: "") or end (value: JSON of outcome, error, trace); of starts and ends every position is kept.
CREATE TABLE node_history (
    nid INTEGER NOT NULL, ctx INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    t INTEGER, w INTEGER NOT NULL, n INTEGER NOT NULL
);
CREATE INDEX node_history_by_node ON node_history (nid, ctx);

-- Relations, source s to target d, effect to cause. rel is terms.RELATIONS' code, lineage ones are 0-5.
-- q is the qualifier: a hash of id, role, time, attributes and arguments, or simply the time when there is only that.
CREATE TABLE edge (
    s INTEGER NOT NULL, rel INTEGER NOT NULL, d INTEGER NOT NULL, ctx INTEGER NOT NULL, q INTEGER NOT NULL,
    t INTEGER, w INTEGER NOT NULL, n INTEGER NOT NULL,
    role TEXT, exact INTEGER NOT NULL DEFAULT 0,
    more TEXT,                               -- JSON: id, time, arguments, attributes, where there are any
    sobs INTEGER, dobs INTEGER,              -- the observation that s or d stands for, if an alias said so
    PRIMARY KEY (s, rel, d, ctx, q)
) WITHOUT ROWID;
CREATE INDEX edge_back ON edge (d, rel, s);
-- All settings of an activity as one text, JSON lists of their names and values; missing for some, see sheets.py.
CREATE TABLE sheet (
    nid INTEGER NOT NULL, ctx INTEGER NOT NULL, names TEXT NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (nid, ctx)
) WITHOUT ROWID;
-- Relations that lack an argument, which PROV allows: kept, but no edge.
CREATE TABLE open_relation (
    key TEXT PRIMARY KEY, rel INTEGER NOT NULL, s INTEGER, d INTEGER, ctx INTEGER NOT NULL,
    t INTEGER, w INTEGER NOT NULL, n INTEGER NOT NULL,
    role TEXT, exact INTEGER NOT NULL DEFAULT 0, more TEXT, sobs INTEGER, dobs INTEGER
) WITHOUT ROWID;
CREATE TABLE alias (
    obs INTEGER NOT NULL, ctx INTEGER NOT NULL, version INTEGER NOT NULL,
    t INTEGER, w INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (obs, ctx, version)
) WITHOUT ROWID;

-- The flow projection: lineage closures are reachability over flow. A flow node is nid * 4 + k, k = 0 the node itself
-- (an activity's first input phase, an entity's first generation), 1 an activity's fin, 2 its name alone;
-- k = 3 with a phase's number instead of nid: the positional phases. step is 0 between phases of one node, else 1.
-- Seeds of a question: an activity's 4*nid, +1, +2 and all its phases; an entity's last generation for ancestors,
-- all its generations for descendants. A descendant entity counts only at its last generation.
CREATE TABLE flow (
    s INTEGER NOT NULL, d INTEGER NOT NULL, ctx INTEGER NOT NULL,  -- ctx 0: between phases, always visible
    t INTEGER,                                                     -- since when; null: always
    step INTEGER NOT NULL,
    PRIMARY KEY (s, d, ctx)
) WITHOUT ROWID;
CREATE INDEX flow_back ON flow (d, s, ctx, t, step);
-- kind: 1 input, 2 output, 3 generation; (t, w, n) is the position it is named by, t huge where there is no time.
CREATE TABLE phase (
    p INTEGER PRIMARY KEY, nid INTEGER NOT NULL, kind INTEGER NOT NULL,
    t INTEGER NOT NULL, w INTEGER NOT NULL, n INTEGER NOT NULL,
    UNIQUE (nid, kind, t, w, n)
);
CREATE TABLE tail (nid INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE mark (nid INTEGER PRIMARY KEY);
-- The trail of activities that late events come to: their events that count, see splice.py. rank is projection.py's,
-- other the flow node that was used or generated, or that of the part; (t, w, n) as in phase.
CREATE TABLE trail (
    nid INTEGER NOT NULL, other INTEGER NOT NULL, rank INTEGER NOT NULL, ctx INTEGER NOT NULL,
    t INTEGER NOT NULL, w INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (nid, other, rank, ctx)
) WITHOUT ROWID;
CREATE INDEX trail_by_time ON trail (nid, rank, t, w, n);

-- A series in one row: the roll-up. first and last are by position, min and max over finite values. Values and steps
-- are kept as they were given: with a numeric affinity SQLite makes 0.0 of -0.0 and 1 of 1.0.
CREATE TABLE series (
    sid INTEGER PRIMARY KEY, nid INTEGER NOT NULL, ctx INTEGER NOT NULL, name TEXT NOT NULL, labels TEXT NOT NULL,
    count INTEGER NOT NULL, nan INTEGER NOT NULL, infinite INTEGER NOT NULL,
    first, ft INTEGER, fw INTEGER, fn INTEGER,
    last, last_step, lt INTEGER, lw INTEGER, ln INTEGER,
    min, argmin, max, argmax,
    UNIQUE (nid, ctx, name, labels)
);
-- value is null for NaN (word 1); infinities are stored as such. section: nid of the epoch, if any.
CREATE TABLE point (
    sid INTEGER NOT NULL, t INTEGER NOT NULL, w INTEGER NOT NULL, n INTEGER NOT NULL,
    step, value, nan INTEGER NOT NULL DEFAULT 0, section INTEGER,
    PRIMARY KEY (sid, t, w, n)
) WITHOUT ROWID;

CREATE TABLE range (w INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (w, first))
WITHOUT ROWID;
CREATE TABLE outbox (number INTEGER PRIMARY KEY, statements BLOB NOT NULL);
CREATE TABLE bookmark (source TEXT PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantine (
    source TEXT NOT NULL, offset INTEGER NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL,
    PRIMARY KEY (source, offset)
) WITHOUT ROWID;

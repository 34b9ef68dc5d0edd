CREATE TABLE IF NOT EXISTS token (
    id      TEXT PRIMARY KEY,  -- the part that may be shown
    hash    BLOB NOT NULL,     -- of the whole token, SHA-256: it has 256 random bits, so nothing slower is needed
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL,
    project TEXT,              -- null: all projects
    made    INTEGER NOT NULL,  -- seconds since the epoch
    expires INTEGER,           -- null: never
    revoked INTEGER
) STRICT;

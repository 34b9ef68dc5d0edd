-- Room for the trails of activities that late events come to.
CREATE TABLE trail (
    nid INTEGER NOT NULL, other INTEGER NOT NULL, rank INTEGER NOT NULL, ctx INTEGER NOT NULL,
    t INTEGER NOT NULL, w INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (nid, other, rank, ctx)
) WITHOUT ROWID;
CREATE INDEX trail_by_time ON trail (nid, rank, t, w, n);

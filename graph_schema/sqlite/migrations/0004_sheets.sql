-- Room for the settings of an activity as one text, those that are there as a sheet each, and the runs by their start.
CREATE INDEX node_run ON node (st) WHERE kinds & 2 AND type IS NOT 21;
CREATE TABLE sheet (
    nid INTEGER NOT NULL, ctx INTEGER NOT NULL, names TEXT NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (nid, ctx)
) WITHOUT ROWID;
INSERT INTO sheet SELECT s, ctx, names, cells FROM (
    SELECT e.s AS s, e.ctx AS ctx, '[' || group_concat(json_quote(n.name)) || ']' AS names,
        '[' || group_concat(n.value) || ']' AS cells, count(*) AS settings, count(DISTINCT n.name) AS different
    FROM edge e CROSS JOIN node n ON n.nid = e.d AND n.ctx = e.ctx
    WHERE e.rel = 16 AND n.name IS NOT NULL AND n.value IS NOT NULL GROUP BY e.s, e.ctx
) WHERE settings = different AND settings <= 1000 AND length(names) + length(cells) <= 100000;

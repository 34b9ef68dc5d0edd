-- Room for lists in the order in which things were seen: each kind and type has an index that is in it.
DROP INDEX node_by_type;
CREATE INDEX node_by_type ON node (type, ctx, coalesce(st, t, -9223372036854775808));
DROP INDEX node_run;
CREATE INDEX node_run ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 2 AND type IS NOT 21;
CREATE INDEX node_entity ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 1 AND type IS NOT 11;
CREATE INDEX node_agent ON node (ctx, coalesce(st, t, -9223372036854775808)) WHERE kinds & 4;

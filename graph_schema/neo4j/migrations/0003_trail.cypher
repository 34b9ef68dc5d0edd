// An index for the trails of activities that late events come to.

// :trail
CREATE INDEX flow_trail IF NOT EXISTS FOR ()-[f:FLOW]-() ON (f.of, f.rank, f.at)

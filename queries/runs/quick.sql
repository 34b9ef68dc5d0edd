-- What is read of runs on the embedded store, where a node has one visible row and the present is asked about.
-- `{seen:a}` becomes the test on the context of table a. :ids and :nids are JSON lists.

-- :latest
SELECT {base}
FROM node n INDEXED BY node_run CROSS JOIN ident i ON i.nid = n.nid
    LEFT JOIN sheet c ON c.nid = n.nid AND c.ctx = n.ctx AND :settings
WHERE {is_run}
ORDER BY coalesce(n.st, n.t, -9223372036854775808) DESC, n.name IS NULL, n.name, i.id LIMIT :most

-- :every
SELECT i.id FROM node n INDEXED BY node_run CROSS JOIN ident i ON i.nid = n.nid WHERE {is_run}

-- :is_run
n.ctx = :_context AND n.kinds & 2 AND n.type IS NOT {section}
    AND NOT EXISTS (SELECT 1 FROM node_type y WHERE y.nid = n.nid AND y.type = {section}{seen:y})
    AND (:steps OR n.type IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM edge e WHERE e.s = n.nid AND e.rel = {part_of} AND e.role = 'part'{seen:e}))
    AND NOT EXISTS (
        SELECT 1 FROM edge e WHERE n.type IS {curation} AND e.d = n.nid AND e.rel = {influenced}{seen:e})

-- :these
SELECT {base}
FROM json_each(:ids) j CROSS JOIN ident i ON i.id = j.value CROSS JOIN node n ON n.nid = i.nid{seen:n}
    LEFT JOIN sheet c ON c.nid = n.nid AND c.ctx = n.ctx AND :settings

-- :base
n.nid, i.id, n.name, (SELECT y.name FROM type y WHERE y.code = n.type), n.kinds, n.st,
    CASE WHEN n.outcome IS NOT '{resumed}' THEN n.et END, n.outcome, n.error,
    EXISTS (SELECT 1 FROM node_history h WHERE h.nid = n.nid AND h.ctx = n.ctx AND h.key IN ('start', 'end')),
    c.names, c.cells, CASE WHEN :near THEN {related:n.nid} END

-- :related
(SELECT group_concat(e.d * 64 + CASE WHEN e.role = 'part' AND e.rel = {part_of} THEN {whole} ELSE e.rel END)
    FROM edge e
    WHERE e.s = {related} AND {near} >> e.rel & 1{seen:e}
        AND (e.rel <> {part_of} OR e.role IS NULL OR e.role IN ('part', 'experiment')))

-- :settings
SELECT j.value, (
    SELECT '{' || group_concat(json_quote(n.name) || ':' || n.value) || '}'
    FROM edge e CROSS JOIN node n ON n.nid = e.d AND n.name IS NOT NULL AND n.value IS NOT NULL{seen:n}
    WHERE e.s = j.value AND e.rel = {has_setting}{seen:e})
FROM json_each(:nids) j

-- :series
SELECT s.nid, s.name, s.labels, s.count, s.last, s.min, s.max
FROM json_each(:nids) j CROSS JOIN series s ON s.nid = j.value{seen:s}{measures:s.name}

-- :evaluations
SELECT e.d, n.name, n.attrs, n.number
FROM json_each(:nids) j CROSS JOIN edge e INDEXED BY edge_back ON e.d = j.value AND e.rel = {generated}{seen:e}
    CROSS JOIN node n ON n.nid = e.s AND n.name IS NOT NULL{seen:n}
WHERE (EXISTS (SELECT 1 FROM node WHERE type = {evaluation}) OR EXISTS (SELECT 1 FROM node_type WHERE type = {evaluation}))
    AND (n.type = {evaluation}
        OR EXISTS (SELECT 1 FROM node_type y WHERE y.nid = n.nid AND y.type = {evaluation}{seen:y})){measures:n.name}
ORDER BY e.d, n.name, e.t, e.s

-- :wholes
WITH RECURSIVE up(nid) AS (
    SELECT value FROM json_each(:nids)
    UNION SELECT e.d FROM up CROSS JOIN edge e ON e.s = up.nid AND e.rel = {part_of} AND e.role = 'part'{seen:e}
)
SELECT e.s, e.d FROM up CROSS JOIN edge e ON e.s = up.nid AND e.rel = {part_of} AND e.role = 'part'{seen:e}

-- :near
SELECT j.value, {related:j.value} FROM json_each(:nids) j

-- :named
SELECT n.nid, i.id, n.name, (SELECT y.name FROM type y WHERE y.code = n.type),
    json_extract(n.attrs, '$.digest[0]'), json_extract(n.attrs, '$.commit[0]')
FROM json_each(:nids) j CROSS JOIN ident i ON i.nid = j.value CROSS JOIN node n ON n.nid = i.nid{seen:n}

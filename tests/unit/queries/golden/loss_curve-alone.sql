WITH RECURSIVE root(x) AS (SELECT nid FROM ident WHERE id = :_root),
reach(n) AS (SELECT x FROM root UNION SELECT f.s FROM reach r CROSS JOIN edge f WHERE f.d = r.n AND f.rel = 15 AND f.role = :_k1)
SELECT NULL, x, 0, x, 1 FROM root UNION ALL
SELECT f.d, f.s, 1, f.s, 1 FROM reach r CROSS JOIN edge f WHERE f.d = r.n AND f.rel = 15 AND f.role = :_k1;

WITH RECURSIVE root(x) AS (SELECT nid FROM ident WHERE id = :_root),
seed(n) AS (SELECT x * 4 AS n FROM root WHERE (SELECT h.p FROM phase h WHERE h.nid = x AND h.kind = 3 ORDER BY h.t DESC, (SELECT id FROM writer WHERE w = h.w) DESC, h.n DESC LIMIT 1) IS NULL UNION ALL SELECT x * 4 + 1 AS n FROM root UNION ALL SELECT x * 4 + 2 AS n FROM root UNION ALL SELECT f.p * 4 + 3 FROM root CROSS JOIN phase f ON f.nid = x AND f.kind < 3 UNION ALL SELECT (SELECT h.p FROM phase h WHERE h.nid = x AND h.kind = 3 ORDER BY h.t DESC, (SELECT id FROM writer WHERE w = h.w) DESC, h.n DESC LIMIT 1) * 4 + 3 FROM root WHERE (SELECT h.p FROM phase h WHERE h.nid = x AND h.kind = 3 ORDER BY h.t DESC, (SELECT id FROM writer WHERE w = h.w) DESC, h.n DESC LIMIT 1) IS NOT NULL),
reach(n) AS (SELECT n FROM seed UNION SELECT f.d FROM reach r CROSS JOIN flow f WHERE f.s = r.n)
SELECT NULL, n, 0, (SELECT x FROM root), (SELECT NOT (EXISTS (SELECT 1 FROM node m WHERE m.nid = x AND m.kinds & 2) OR EXISTS (SELECT 1 FROM edge m WHERE m.s = x AND m.rel IN (0, 3)) OR EXISTS (SELECT 1 FROM edge m WHERE m.d = x AND m.rel IN (1, 3)) OR EXISTS (SELECT 1 FROM edge m WHERE m.s = x AND m.rel = 15 AND m.role = 'part') OR EXISTS (SELECT 1 FROM edge m WHERE m.d = x AND m.rel = 15 AND m.role = 'part')) FROM root) FROM seed UNION ALL
SELECT f.s, f.d, f.step, CASE f.d & 3 WHEN 3 THEN (SELECT nid FROM phase WHERE p = f.d >> 2) ELSE f.d >> 2 END, 1 FROM reach r CROSS JOIN flow f WHERE f.s = r.n;

WITH RECURSIVE p2 AS (SELECT DISTINCT n1.nid AS v_x FROM ident n1 WHERE n1.id = :thing AND (EXISTS (SELECT 1 FROM node m WHERE m.nid = n1.nid) OR EXISTS (SELECT 1 FROM edge m WHERE m.s = n1.nid) OR EXISTS (SELECT 1 FROM edge m WHERE m.d = n1.nid))),
c4 AS (SELECT DISTINCT json_extract(value, '$[0]') AS nid, json_extract(value, '$[1]') AS depth, json_extract(value, '$[2]') AS via FROM json_each(:_c4)),
c6 AS (SELECT DISTINCT json_extract(value, '$[0]') AS nid, json_extract(value, '$[1]') AS depth, json_extract(value, '$[2]') AS via FROM json_each(:_c6)),
p8 AS (SELECT p2.v_x AS v_a, :_k0 AS v_depth FROM p2 WHERE EXISTS (SELECT 1 FROM series a3 CROSS JOIN point b3 WHERE a3.nid = p2.v_x AND b3.sid = a3.sid) UNION SELECT c4.nid AS v_a, c4.depth AS v_depth FROM p2 CROSS JOIN c4 WHERE EXISTS (SELECT 1 FROM series a5 CROSS JOIN point b5 WHERE a5.nid = c4.nid AND b5.sid = a5.sid) UNION SELECT c6.nid AS v_a, c6.depth AS v_depth FROM p2 CROSS JOIN c6 WHERE EXISTS (SELECT 1 FROM series a7 CROSS JOIN point b7 WHERE a7.nid = c6.nid AND b7.sid = a7.sid)),
p9 AS (SELECT DISTINCT p8.v_a AS v_a, p8.v_depth AS v_depth FROM p8),
p10 AS (SELECT v_depth, v_a FROM (SELECT v_depth, v_a, rank() OVER (ORDER BY v_depth IS NULL, v_depth) AS place FROM p9) WHERE place <= 1)
SELECT * FROM (SELECT DISTINCT b11.step AS "step", a11.name AS "name", a11.labels AS "context", b11.value AS "value", b11.t AS "at", (SELECT id FROM ident WHERE nid = p10.v_a) AS "activity", (SELECT m.name FROM node m WHERE m.nid = p10.v_a) AS "activity_name", b11.nan AS "nan" FROM p10 CROSS JOIN series a11 CROSS JOIN point b11 WHERE a11.nid = p10.v_a AND b11.sid = a11.sid)
ORDER BY "name" IS NULL, "name", "context" IS NULL, "context", "activity_name" IS NULL, "activity_name", "activity" IS NULL, "activity", "step" IS NULL, "step", "at" IS NULL, "at", "value" IS NULL, "value", "nan" IS NULL, "nan" LIMIT :_limit;

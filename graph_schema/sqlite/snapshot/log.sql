-- What a snapshot needs in the store: which one is current, and what changed since it was taken. Made by the first
-- build, dropped by `begat accelerate --off`; a store without has nothing of it and pays nothing.

-- One row. token names the snapshot whose file counts, null: none does. It holds all that the log told up to mark.
-- The log takes no more once its last number is room: what came after that is not known, and no snapshot counts.
CREATE TABLE flow_snapshot (token TEXT, mark INTEGER NOT NULL, room INTEGER NOT NULL);
INSERT INTO flow_snapshot VALUES (NULL, 0, 0);

-- The ends of each flow edge that was put, changed or removed, in order; and (-1, nid) of an entity that was made
-- again. Its last row is never deleted, so that no number is given twice. lot is drawn: by it who has read up to a row
-- knows it again, and notices that a copy of the store from before has taken its place.
CREATE TABLE flow_log (
    number INTEGER PRIMARY KEY, s INTEGER NOT NULL, d INTEGER NOT NULL, lot INTEGER NOT NULL DEFAULT (random())
);

CREATE TRIGGER flow_put AFTER INSERT ON flow
WHEN coalesce((SELECT max(number) FROM flow_log), 0) < (SELECT room FROM flow_snapshot) BEGIN
    INSERT INTO flow_log (s, d) VALUES (NEW.s, NEW.d);
END;
CREATE TRIGGER flow_changed AFTER UPDATE ON flow
WHEN (OLD.s IS NOT NEW.s OR OLD.d IS NOT NEW.d OR OLD.ctx IS NOT NEW.ctx OR OLD.t IS NOT NEW.t)
AND coalesce((SELECT max(number) FROM flow_log), 0) < (SELECT room FROM flow_snapshot) BEGIN
    INSERT INTO flow_log (s, d) VALUES (OLD.s, OLD.d);
    INSERT INTO flow_log (s, d) VALUES (NEW.s, NEW.d);
END;
CREATE TRIGGER flow_removed AFTER DELETE ON flow
WHEN coalesce((SELECT max(number) FROM flow_log), 0) < (SELECT room FROM flow_snapshot) BEGIN
    INSERT INTO flow_log (s, d) VALUES (OLD.s, OLD.d);
END;
CREATE TRIGGER flow_made_again AFTER INSERT ON phase
WHEN NEW.kind = 3
AND coalesce((SELECT max(number) FROM flow_log), 0) < (SELECT room FROM flow_snapshot) BEGIN
    INSERT INTO flow_log (s, d) VALUES (-1, NEW.nid);
END;

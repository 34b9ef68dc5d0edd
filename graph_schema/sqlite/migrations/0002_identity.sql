-- Marks the file as a begat store, and tells it from one that is made anew.
PRAGMA application_id = 1650812769;
CREATE TABLE store (id TEXT NOT NULL, made INTEGER);
INSERT INTO store (id) VALUES (lower(hex(randomblob(16))));

"""The embedded store: one SQLite file. Start reading in schema.sql, then store.py."""

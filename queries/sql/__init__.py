"""The plan language as SQL of SQLite 3.26, for the embedded store."""

"""A real Neo4j server for play and for tests: fetched once, on this machine alone."""

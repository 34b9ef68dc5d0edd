"""The Neo4j store. Start reading in README.md (the graph), then store.py."""

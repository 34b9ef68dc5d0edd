"""The plan language as Cypher 5, for a Neo4j store of 5.26 and newer."""

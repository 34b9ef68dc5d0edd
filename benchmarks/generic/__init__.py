"""The same facts as generic PROV: activities, entities and agents, PROV's relations, and attribute values with names.

`form.py` makes it of what a begat store holds, `sqlite.py` and `neo4j.py` keep it, the statements in `sql/` and
`cypher/` answer five questions of it, and `engine.py` puts them in the place of begat's own.
"""

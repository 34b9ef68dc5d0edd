"""SELECTs of questions that no single one answers, in SPARQL 1.1: several share them. See finishing/table.py."""

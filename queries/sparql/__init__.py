"""SPARQL over what a store holds: triples that follow it, and processes that answer."""

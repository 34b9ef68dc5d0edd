"""Triples of a project, kept on disk beside the store, and workers that answer SPARQL over them."""

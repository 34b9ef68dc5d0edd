"""Linked data: things, their provenance and catalogues under IRIs of their own, in every form of PROV and RDF."""

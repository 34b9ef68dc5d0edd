"""Questions of the catalogue as SPARQL 1.1: a file each, its name the question's. See asking.py."""

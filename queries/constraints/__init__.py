"""PROV-CONSTRAINTS (https://www.w3.org/TR/prov-constraints/): whether documents are valid, and what says the same."""

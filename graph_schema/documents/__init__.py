"""PROV documents: what all their forms have in common, as records, and what records are in the store."""

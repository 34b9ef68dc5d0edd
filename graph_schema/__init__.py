"""The words and the graph: PROV terms, relations, ids, wire events, the lineage law, the stores."""

"""The analysts' face: one GraphQL schema over any store, as a library that knows nothing of HTTP (see execute.py)."""

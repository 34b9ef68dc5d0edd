"""The wide table of runs: one row a run, columns for its settings, measures, data, code and people."""

from begat.queries.runs.table import runs

__all__ = ["runs"]

"""What is different between two runs, or two models or datasets, and where the difference begins.

Start reading in diff.py.
"""

from begat.queries.diff.diff import diff

__all__ = ["diff"]

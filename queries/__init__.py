"""The questions, each written once as data and rendered for every store.

ask, find, show and the functions of lineage are what the doors (command line, Python, services) call.
"""

from begat.queries.ask import ask
from begat.queries.catalogue import QUESTIONS, question
from begat.queries.find import find
from begat.queries.lineage import ancestors, descendants
from begat.queries.path import path
from begat.queries.runs import runs
from begat.queries.show import show
from begat.queries.subgraph import subgraph

__all__ = ["QUESTIONS", "ancestors", "ask", "descendants", "find", "path", "question", "runs", "show", "subgraph"]

"""The questions, each written once as data and rendered for every store.

ask, find, ancestors, descendants and show are what the doors (command line, Python, services) call.
"""

from begat.queries.ask import ask
from begat.queries.catalogue import QUESTIONS, question
from begat.queries.find import find
from begat.queries.lineage import ancestors, descendants
from begat.queries.show import show

__all__ = ["QUESTIONS", "ancestors", "ask", "descendants", "find", "question", "show"]

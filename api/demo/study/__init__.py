"""One small study, told by hand, on which every question has an answer (docs/explanation/the-study.md)."""

from begat.api.demo.study.evening import NOW as NOW
from begat.api.demo.study.run import run as run
from begat.api.demo.study.study import study as study
from begat.api.demo.study.study import write as write

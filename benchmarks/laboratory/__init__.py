"""A laboratory as large as one likes, on which every question has an answer: made from a seed, as a spool."""

from benchmarks.laboratory.laboratory import SIZES as SIZES
from benchmarks.laboratory.laboratory import Laboratory as Laboratory
from benchmarks.laboratory.laboratory import Size as Size

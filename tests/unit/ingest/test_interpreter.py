"""What a pass sets in the interpreter is the process's: it is set while one runs, and as before when none does."""

import gc
import sys

import pytest

from begat.ingest.interpreter import OBJECTS, set_for_a_pass


def now() -> tuple[tuple[int, ...], float]:
    return gc.get_threshold(), round(sys.getswitchinterval(), 6)


def test_it_is_set_while_a_pass_runs() -> None:
    before = now()
    with set_for_a_pass():
        during = now()
        with set_for_a_pass():
            assert now() == during
        assert now() == during
    assert during[0][0] == OBJECTS
    assert during[1] < before[1]
    assert now() == before


def test_it_is_as_before_after_a_pass_that_failed() -> None:
    before = now()
    with pytest.raises(LookupError), set_for_a_pass():
        raise LookupError
    assert now() == before


def test_who_has_turned_the_collector_off_keeps_it_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with set_for_a_pass():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)

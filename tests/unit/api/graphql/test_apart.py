"""Documents that are read apart at first: what is said of them is the same."""

import json
import time
from collections.abc import Iterator
from typing import Final

import msgspec
import pytest
from graphql import get_introspection_query

from begat.api.graphql.apart import Apart
from begat.api.graphql.errors import Refused
from begat.api.graphql.execute import Operation
from begat.api.graphql.limits import STANDARD
from begat.api.graphql.refusals import Refusals
from begat.api.graphql.request import Request

WRONG: Final = {
    "misspelt": Request("{ modelz { id } \n modelz { nodez } \u00e4 }"),
    "not to be read": Request("{ models { nodes { id"),
    "many misspelt": Request("{ " + " ".join(f"modelz{n} {{ id }}" for n in range(20)) + " }"),
    "deep": Request("{ models { nodes { " + "parts { nodes { " * 20 + "id" + " } }" * 20 + " } } }"),
    "in a circle": Request("{ models { nodes { ...A } } } fragment A on Thing { parts { nodes { ...A } } }"),
    "too many": Request("{ models(first: 10000) { nodes { parts(first: 10000) { nodes { id } } } } }"),
    "no such operation": Request("query A { models { totalCount } }", "B"),
    "a variable of a wrong type": Request(
        "query ($n: Int) { models(first: $n) { totalCount } }", variables={"n": {"é": [1]}}
    ),
}


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart().running() as one:
        until_ready(one)
        yield one


def until_ready(apart: Apart) -> None:
    end = time.monotonic() + 60
    while apart.refusal(Request("{ nope }"), STANDARD) is None:
        assert time.monotonic() < end
        time.sleep(0.05)


def told(request: Request) -> Refused:
    with pytest.raises(Refused) as wrong:
        Operation.read(request, STANDARD)
    return wrong.value


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused_apart_is_told_as_it_is_here(name: str, apart: Apart) -> None:
    here, there = told(WRONG[name]), apart.refusal(WRONG[name], STANDARD)
    assert there is not None
    assert (there.code, json.dumps(there.told())) == (here.code, json.dumps(here.told()))


def test_limits_that_were_set_are_held_apart_too(apart: Apart) -> None:
    request = Request("{ models { nodes { id } } }")
    assert apart.refusal(request, STANDARD) is None
    refused = apart.refusal(request, msgspec.structs.replace(STANDARD, depth=2))
    assert refused is not None
    assert "the limit on depth is 2" in refused.told()[0]["message"]


def test_what_was_refused_is_refused_again_and_what_is_valid_is_read(apart: Apart) -> None:
    refusals = Refusals()
    refusals.apart = apart
    for _ in range(2):
        with pytest.raises(Refused) as wrong, refusals.of(WRONG["misspelt"], STANDARD):
            raise AssertionError("it was read")
        assert wrong.value.told() == told(WRONG["misspelt"]).told()
    with refusals.of(Request(get_introspection_query()), STANDARD):
        pass


def test_what_was_refused_here_is_refused_again_but_with_other_variables_or_limits() -> None:
    refusals, request = Refusals(), Request("{ models }", variables={"n": 1})
    with pytest.raises(Refused), refusals.of(request, STANDARD):
        raise Refused("OVER_LIMIT", "too much")
    with pytest.raises(Refused), refusals.of(request, STANDARD):
        raise AssertionError("it was read")
    with refusals.of(Request("{ models }", variables={"n": 2}), STANDARD):
        pass
    with refusals.of(request, msgspec.structs.replace(STANDARD, depth=2)):
        pass


def test_the_oldest_refusals_are_forgotten() -> None:
    refusals, few = Refusals(), msgspec.structs.replace(STANDARD, cached=2)
    for n in range(3):
        with pytest.raises(Refused), refusals.of(Request(f"{{ m{n} }}"), few):
            raise Refused("INVALID_DOCUMENT", "no")
    with refusals.of(Request("{ m0 }"), few):
        pass
    with pytest.raises(Refused), refusals.of(Request("{ m1 }"), few):
        raise AssertionError("it was read")


def test_it_may_die_and_comes_back() -> None:
    with Apart().running() as apart:
        until_ready(apart)
        process = apart.process
        assert process
        process.kill()
        process.wait()
        assert apart.refusal(Request("{ nope }"), STANDARD) is None  # so that it is read here
        until_ready(apart)
        process = apart.process
        assert process
    assert process.poll() is not None
    assert apart.refusal(Request("{ nope }"), STANDARD) is None

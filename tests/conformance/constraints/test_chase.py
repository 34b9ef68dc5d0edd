"""The checker against the recommendation word for word, on random small documents."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.records import FORMS, Record, Related, Thing
from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV
from begat.queries.constraints.check import check
from begat.queries.constraints.rules import RULES
from tests.conformance.constraints import naive

#: Small documents are slow all the same, word for word.
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
EX = "http://example.org/"
TIMES = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
#: Few names, so that statements meet. Those of one sort are mostly used as that sort, so that not all is a clash.
SORTS = {"entity": "de", "activity": "ab", "agent": "dx", "id": "gh"}
SORT = {
    "used": ("activity", "entity"), "wasGeneratedBy": ("entity", "activity"),
    "wasInvalidatedBy": ("entity", "activity"), "wasInformedBy": ("activity", "activity"),
    "wasStartedBy": ("activity", "entity", "activity"),
    "wasEndedBy": ("activity", "entity", "activity"),
    "wasDerivedFrom": ("entity", "entity", "activity", "id", "id"), "wasAttributedTo": ("entity", "agent"),
    "wasAssociatedWith": ("activity", "agent", "entity"), "actedOnBehalfOf": ("agent", "agent", "activity"),
    "wasInfluencedBy": ("entity", "entity"), "specializationOf": ("entity", "entity"),
    "alternateOf": ("entity", "entity"), "hadMember": ("entity", "entity"),
}  # fmt: skip
EMPTY: tuple[str, Value] = (r.TYPE, {"$": PROV + "EmptyCollection", "type": r.QUALIFIED_NAME})


def names(sort: str) -> st.SearchStrategy[str]:
    return st.sampled_from(SORTS[sort] * 4 + "adg").map(EX.__add__)


@st.composite
def things(draw: st.DrawFn) -> Thing:
    kind = draw(st.sampled_from(("Entity", "Entity", "Activity", "Agent")))
    thing = Thing(kind, draw(names(kind.lower())))
    if kind == "Activity":
        thing.start, thing.end = (draw(st.sampled_from((None, *TIMES))) for _ in range(2))
    elif kind == "Entity" and draw(st.integers(0, 9)) == 0:
        thing.attributes = [EMPTY]
    return thing


@st.composite
def relations(draw: st.DrawFn) -> Related:
    name = draw(st.sampled_from(sorted(SORT)))
    found = Related(name, {})
    if name not in naive.NO_ID and draw(st.booleans()):
        found.id = draw(names("id"))
    sorts = iter(SORT[name])
    for argument in FORMS[name].arguments:
        if argument.field == "time":
            found.time = draw(st.sampled_from((None, None, *TIMES)))
        elif (sort := next(sorts)) and (not argument.optional or draw(st.booleans())):
            found.arguments[argument.field] = draw(names(sort))
    return found


@st.composite
def ordered(draw: st.DrawFn) -> Record:
    """What puts events in an order, with names of its sort and without ids: circles, and little else that is wrong."""
    name = draw(st.sampled_from(("entity", "activity", *ORDERED)))
    if name in ("entity", "activity"):
        return Thing(name.capitalize(), EX + draw(st.sampled_from(APART[name])))
    found = Related(name, {})
    for argument, sort in zip(FORMS[name].arguments, SORT[name], strict=False):
        if sort != "id" and (not argument.optional or draw(st.integers(0, 3))):
            found.arguments[argument.field] = EX + draw(st.sampled_from(APART[sort]))
    return found


ORDERED = (
    "wasDerivedFrom", "wasStartedBy", "wasStartedBy", "wasEndedBy", "wasGeneratedBy", "specializationOf",
    "wasAttributedTo", "used", "actedOnBehalfOf",
)  # fmt: skip
#: Names of which those of an agent are an entity's and an activity's, too.
APART = {"entity": "def", "activity": "abc", "agent": "af"}
DOCUMENTS = st.lists(st.one_of(things(), relations(), relations()), max_size=9)
CIRCLES = st.lists(ordered(), min_size=3, max_size=9)


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(st.one_of(DOCUMENTS, CIRCLES))
def test_a_document_is_valid_where_the_text_says_so(document: list[Record]) -> None:
    assert check(document).valid == naive.valid(document)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.one_of(DOCUMENTS, CIRCLES), st.sampled_from(sorted(n for n, rule in RULES.items() if not rule.breakable)))
def test_what_cannot_be_broken_changes_nothing(document: list[Record], number: int) -> None:
    assert naive.valid(document, without={number}) == naive.valid(document)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.one_of(DOCUMENTS, CIRCLES), st.randoms(use_true_random=False))
def test_the_order_of_statements_changes_nothing(document: list[Record], random: Random) -> None:
    before = check(document)
    random.shuffle(document)
    assert check(document).valid == before.valid

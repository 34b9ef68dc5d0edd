"""Documents drawn at random, built by the `prov` library: every construct of PROV-DM, in a document and in bundles."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import prov.model as pm
from hypothesis import strategies as st

EX: Final = pm.Namespace("ex", "http://example.org/")
OTHER: Final = pm.Namespace("other", "urn:other:a#")
#: Local names: plain ones, digits first, with dots and dashes.
LOCALS: Final = ("a", "b", "c", "d", "e", "1st", "v1.2", "x-y", "Zürich", "a/b", "q?x=1")
TEXTS: Final = st.one_of(
    st.sampled_from(("", "a", 'with "quotes"', "line\nbreak", "tab\t", "back\\slash", "Grüße 🧪", "'", "%%", "\u2028")),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=8),
)
ZONES: Final = (UTC, None, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30)))


def names() -> st.SearchStrategy[pm.QualifiedName]:
    return st.builds(lambda n, local: n[local], st.sampled_from((EX, OTHER)), st.sampled_from(LOCALS))


def times() -> st.SearchStrategy[datetime]:
    whole = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01"))
    return st.builds(lambda t, zone: t.replace(tzinfo=zone), whole, st.sampled_from(ZONES))


def values() -> st.SearchStrategy[Any]:
    """What an attribute may be."""
    return st.one_of(
        TEXTS,
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False),
        times(),
        names(),
        st.builds(lambda t, lang: pm.Literal(t, langtag=lang), TEXTS, st.sampled_from(("en", "de-CH"))),
        st.builds(lambda t, to: pm.Literal(t, EX[to]), TEXTS, st.sampled_from(("type", "unit"))),
        st.sampled_from(
            (
                pm.Literal("0042", pm.XSD["integer"]), pm.Literal("1.50", pm.XSD["decimal"]),
                pm.Literal("2024-02-29", pm.XSD["date"]), pm.Literal("P1D", pm.XSD["duration"]),
                pm.Identifier("http://example.org/a?b=c#d"),
            )
        ),
    )  # fmt: skip


def attributes(*known: str) -> st.SearchStrategy[list[tuple[pm.QualifiedName, Any]]]:
    """Some attributes, several values a key among them; `known` are PROV's that fit here."""
    keys = [EX["key"], EX["other-key"], OTHER["key"], *(pm.PROV[k] for k in known)]
    return st.lists(st.tuples(st.sampled_from(keys), values()), max_size=4)


#: The methods that make relations, with the kinds of their arguments; `?` may be left out, `t` is a time.
RELATIONS: Final[dict[str, tuple[str, ...]]] = {
    "wasGeneratedBy": ("e", "a?", "t?"),
    "used": ("a", "e?", "t?"),
    "wasInformedBy": ("a", "a"),
    "wasStartedBy": ("a", "e?", "a?", "t?"),
    "wasEndedBy": ("a", "e?", "a?", "t?"),
    "wasInvalidatedBy": ("e", "a?", "t?"),
    "wasDerivedFrom": ("e", "e", "a?", "r?", "r?"),
    "wasAttributedTo": ("e", "g"),
    "wasAssociatedWith": ("a", "g?", "e?"),
    "actedOnBehalfOf": ("g", "g", "a?"),
    "wasInfluencedBy": ("e", "e"),
    "specializationOf": ("e", "e"),
    "mentionOf": ("e", "e", "e"),
    "alternateOf": ("e", "e"),
    "hadMember": ("e", "e"),
}
#: Those that have neither an id nor attributes.
BARE: Final = ("specializationOf", "mentionOf", "alternateOf", "hadMember")
TYPES: Final = (pm.PROV["Person"], pm.PROV["Plan"], pm.PROV["Collection"], pm.PROV["EmptyCollection"], EX["Type"])


@st.composite
def documents(draw: Callable[..., Any], without: str = "") -> pm.ProvDocument:
    """A document. Of the things in it each is described once where it is described. `without`: no such relation."""
    document = pm.ProvDocument()
    for namespace in (EX, OTHER):
        document.add_namespace(namespace)
    _fill(draw, document, without)
    for n in range(draw(st.integers(0, 2))):
        _fill(draw, document.bundle(EX[f"bundle{n}"]), without)
    return document


def _fill(draw: Callable[..., Any], bundle: pm.ProvBundle, without: str) -> None:
    things = {kind: [EX[f"{kind}{n}"] for n in range(3)] + [OTHER[f"{kind}9"]] for kind in "eagr"}
    for kind, make in (("e", bundle.entity), ("g", bundle.agent), ("a", bundle.activity)):
        for thing in draw(st.lists(st.sampled_from(things[kind]), unique=True, max_size=4)):
            given = draw(attributes("type", "label", "location", *(("value",) if kind == "e" else ())))
            given += [(pm.PROV["type"], t) for t in draw(st.lists(st.sampled_from(TYPES), max_size=1))]
            if kind == "a":
                start, end = draw(st.none() | times()), draw(st.none() | times())
                bundle.activity(thing, start, end, given)
            else:
                make(thing, given)
    used: set[Any] = set()
    for _ in range(draw(st.integers(0, 8))):
        name = draw(st.sampled_from(sorted(RELATIONS.keys() - {without})))
        args = [_argument(draw, kind, things) for kind in RELATIONS[name]]
        if name in BARE:
            getattr(bundle, name)(*args)
            continue
        id_ = draw(st.none() | st.sampled_from(things["r"]).filter(lambda r: r not in used))
        used.add(id_)
        known = ("type", "label", *(("role", "location") if "t?" in RELATIONS[name] else ()))
        getattr(bundle, name)(*args, identifier=id_, other_attributes=draw(attributes(*known)))


def _argument(draw: Callable[..., Any], kind: str, things: dict[str, list[Any]]) -> Any:
    if kind.endswith("?") and draw(st.booleans()):
        return None
    return draw(times()) if kind[0] == "t" else draw(st.sampled_from(things[kind[0]]))

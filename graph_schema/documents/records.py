"""A PROV document as records: what stands in it one after the other, in whatever form it is written.

Names are whole IRIs. A value of an attribute is as `Value` in events.py: text, a truth value, a number, or
{"$": lexical form, "type": datatype IRI} or {"$": text, "lang": language}; the name of a thing is
{"$": IRI, "type": QUALIFIED_NAME}. The order of a record's arguments is PROV-N's (https://www.w3.org/TR/prov-n/,
section 3).
"""

from typing import Final, NamedTuple

import msgspec

from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV, XSD

#: The type of a value that is a thing's name.
QUALIFIED_NAME: Final = "prov:QUALIFIED_NAME"
#: The types that documents write it with.
QUALIFIED_NAMES: Final = frozenset((XSD + "QName", PROV + "QUALIFIED_NAME"))
#: What forms call the records of things, and their kinds.
THINGS: Final = {"entity": "Entity", "activity": "Activity", "agent": "Agent"}
#: Times of an activity, and where a Thing has them.
TIMES: Final = {PROV + "startTime": "start", PROV + "endTime": "end"}


class Argument(NamedTuple):
    """An argument of a relation. `field`: where a Relation has it, `source`, `target`, `time`, else the name among
    its arguments; `name`: what PROV-JSON and PROV-XML call it, in the namespace prov."""

    field: str
    name: str
    optional: bool = False


class Form(NamedTuple):
    """What a record of a relation looks like."""

    relation: str
    arguments: tuple[Argument, ...]


def _form(relation: str, *arguments: str) -> Form:
    """Arguments as `field=name`, a `?` behind those that may be left out."""
    return Form(relation, tuple(map(_argument, arguments)))


def _argument(told: str) -> Argument:
    field, _, name = told.removesuffix("?").partition("=")
    return Argument(field, name, told.endswith("?"))


_TIME: Final = "time=time?"
#: By the name of the relation, which is also PROV-N's and PROV-JSON's.
FORMS: Final = {
    f.relation: f
    for f in (
        _form("wasGeneratedBy", "source=entity", "target=activity?", _TIME),
        _form("used", "source=activity", "target=entity?", _TIME),
        _form("wasInformedBy", "source=informed", "target=informant"),
        _form("wasStartedBy", "source=activity", "target=trigger?", "starter=starter?", _TIME),
        _form("wasEndedBy", "source=activity", "target=trigger?", "ender=ender?", _TIME),
        _form("wasInvalidatedBy", "source=entity", "target=activity?", _TIME),
        _form(
            "wasDerivedFrom", "source=generatedEntity", "target=usedEntity", "activity=activity?",
            "generation=generation?", "usage=usage?",
        ),
        _form("wasAttributedTo", "source=entity", "target=agent"),
        _form("wasAssociatedWith", "source=activity", "target=agent?", "plan=plan?"),
        _form("actedOnBehalfOf", "source=delegate", "target=responsible", "activity=activity?"),
        _form("wasInfluencedBy", "source=influencee", "target=influencer"),
        _form("specializationOf", "source=specificEntity", "target=generalEntity"),
        # PROV-LINKS (https://www.w3.org/TR/prov-links/), section 2: a specialization of what another bundle says.
        _form("mentionOf", "source=specificEntity", "target=generalEntity", "bundle=bundle"),
        _form("alternateOf", "source=alternate1", "target=alternate2"),
        _form("hadMember", "source=collection", "target=entity"),
    )
}  # fmt: skip

#: By relation, the field that each of its arguments goes to, by the argument's IRI.
FIELDS: Final = {name: {PROV + a.name: a.field for a in form.arguments} for name, form in FORMS.items()}
#: By relation, the arguments that it needs.
REQUIRED: Final = {name: tuple(a for a in form.arguments if not a.optional) for name, form in FORMS.items()}


class Thing(msgspec.Struct, tag_field="record", tag="thing", omit_defaults=True, gc=False):
    """entity(..), activity(..) or agent(..); `start` and `end` are an activity's, as it is written."""

    kind: str
    id: str
    attributes: list[tuple[str, Value]] = []
    start: str | None = None
    end: str | None = None
    bundle: str = ""


class Related(msgspec.Struct, tag_field="record", tag="related", omit_defaults=True, gc=False):
    """A relation. `arguments` are IRIs by field, see Argument; `time` as it is written."""

    relation: str
    arguments: dict[str, str]
    id: str | None = None
    time: str | None = None
    attributes: list[tuple[str, Value]] = []
    bundle: str = ""


Record = Thing | Related


def missing(related: Related) -> str | None:
    """The name of an argument that a relation needs and has not; None where it has all."""
    for argument in REQUIRED[related.relation]:
        if argument.field not in related.arguments:
            return argument.name
    return None


def says_nothing(related: Related) -> str | None:
    """What a relation lacks that names none of its arguments, so that it is no relation; else None."""
    return None if related.arguments else missing(related)


class Heading(msgspec.Struct, tag_field="record", tag="heading", omit_defaults=True):
    """The beginning of a document or of a bundle: what prefixes stand for; "" is the default namespace. `remarks`:
    what of the document could not be kept, or only as something else, with its number."""

    bundle: str = ""
    prefixes: dict[str, str] = {}
    remarks: list[str] = []


#: Attributes that begat knows where to put.
LABEL: Final = PROV + "label"
TYPE: Final = PROV + "type"
ROLE: Final = PROV + "role"
VALUE: Final = PROV + "value"
LOCATION: Final = PROV + "location"

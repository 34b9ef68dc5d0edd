"""The words of PROV-JSONLD (W3C member submission of 25 August 2024): what its context calls PROV's terms."""

from typing import Final

from begat.graph_schema.documents.records import FORMS, LABEL, LOCATION, ROLE, THINGS, TYPE, VALUE
from begat.graph_schema.terms import PROV, RELATIONS

#: Where the context lies: written, never fetched.
CONTEXT: Final = "https://openprovenance.org/prov-jsonld/context-2024-08-25.jsonld"
#: The namespace of what the submission adds to PROV-O.
PROVEXT: Final = "https://openprovenance.org/ns/provext#"
#: The objects of relations that PROV-O does not qualify; a mention is a specialization, its bundle beside it.
_UNQUALIFIED: Final = {
    "specializationOf": "Specialization", "mentionOf": "Specialization", "alternateOf": "Alternate",
    "hadMember": "Membership",
}  # fmt: skip
#: The type of the object of each record.
CLASSES: Final = {
    **{kind: kind for kind in THINGS.values()},
    **{name: _UNQUALIFIED.get(name) or str(RELATIONS[name].qualified) for name in FORMS},
}
#: The bundle of a mention (PROV-LINKS, section 4), as an attribute of the specialization.
AS_IN_BUNDLE: Final = PROV + "asInBundle"
#: PROV's attributes that have a term of their own.
ATTRIBUTES: Final = {TYPE: "type", LABEL: "label", ROLE: "role", LOCATION: "location", VALUE: "value"}
#: Terms whose texts are names; others' are text.
OF_NAMES: Final = frozenset(("type", "role", "location"))
#: What else may have which term (the submission's schema); elsewhere such an attribute is prov:role, as any other is.
WITH_ROLE: Final = frozenset(
    ("used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasAssociatedWith")
)
WITH_LOCATION: Final = frozenset((*THINGS.values(), *(WITH_ROLE - {"wasAssociatedWith"})))
#: Words that the context defines, so that they are no prefixes.
TERMS: Final = frozenset(
    (
        *CLASSES.values(), *ATTRIBUTES.values(), *(a.name for form in FORMS.values() for a in form.arguments),
        "Bundle", "Document", "startTime", "endTime",
    )
)  # fmt: skip

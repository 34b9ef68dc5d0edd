"""What PROV-O calls its properties the other way round (https://www.w3.org/TR/prov-o/, appendix B), by IRI.

A triple of the one is a triple of the other with subject and object exchanged.
"""

from typing import Final

from begat.graph_schema.documents.records import FORMS
from begat.graph_schema.terms import PROV, RELATIONS

_OTHERS: Final = {
    "quotedAs": "wasQuotedFrom",
    "hadRevision": "wasRevisionOf",
    "wasPrimarySourceOf": "hadPrimarySource",
    "entityOfInfluence": "entity",
    "activityOfInfluence": "activity",
    "agentOfInfluence": "agent",
    "hadInfluence": "influencer",
    "wasActivityOfInfluence": "hadActivity",
    "generatedAsDerivation": "hadGeneration",
    "wasUsedInDerivation": "hadUsage",
    "wasPlanOf": "hadPlan",
    "wasRoleIn": "hadRole",
    "locationOf": "atLocation",
    "qualifiedUsingActivity": "qualifiedUsage",
    "qualifiedSourceOf": "qualifiedPrimarySource",
    "revisedEntity": "qualifiedRevision",
    "qualifiedQuotationOf": "qualifiedQuotation",
    **{
        f"qualified{name}Of": f"qualified{name}"
        for name in (
            "Association", "Attribution", "Communication", "Delegation", "Derivation", "End", "Generation",
            "Influence", "Invalidation", "Start",
        )
    },
}  # fmt: skip

INVERSES: Final = {
    **{PROV + inverse: PROV + name for inverse, name in _OTHERS.items()},
    **{PROV + x.inverse: x.iri for x in RELATIONS.values() if x.name in FORMS and x.inverse != x.name},
}

"""The rules of PROV-CONSTRAINTS by number: its inferences (5 to 21) and its constraints (22 to 56).

Definitions (1 to 4: what may be left out) are applied where statements are read, see instance.py; what may not be left
out, and nobody told, breaks the fourth.
"""

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """A rule: its number, its name and the section it stands in, and what it says in words."""

    number: int
    name: str
    section: str
    sentence: str

    @property
    def breakable(self) -> bool:
        """Whether a document can be invalid because of it: see docs/decisions/constraints.md."""
        return self.number not in _KEPT


def _rules(section: str, *told: tuple[int, str, str]) -> list[Rule]:
    return [Rule(number, name, section, sentence) for number, name, sentence in told]


RULES: Final = {
    rule.number: rule
    for rule in (
        *_rules("5.1", (4, "optional-placeholders", "what a statement needs is not left out")),
        *_rules(
            "5.2",
            (5, "communication-generation-use-inference", "who was informed used something that the informant made"),
            (6, "generation-use-communication-inference", "who uses what another made was informed by it"),
            (7, "entity-generation-invalidation-inference", "an entity was generated, and is invalidated"),
            (8, "activity-start-end-inference", "an activity was started, and is ended"),
            (9, "wasStartedBy-inference", "the starter of an activity generated its trigger"),
            (10, "wasEndedBy-inference", "the ender of an activity generated its trigger"),
        ),
        *_rules(
            "5.3",
            (11, "derivation-generation-use-inference", "a derivation's activity used the one and generated the other"),
            (12, "revision-is-alternate-inference", "a revision is an alternate"),
        ),
        *_rules(
            "5.4",
            (13, "attribution-inference", "the agent of an attribution was behind a generation"),
            (14, "delegation-inference", "delegate and responsible are associated with the activity"),
            (15, "influence-inference", "what a relation of PROV joins influenced each other, by its id"),
        ),
        *_rules(
            "5.5",
            (16, "alternate-reflexive", "an entity is its own alternate"),
            (17, "alternate-transitive", "an alternate of an alternate is one"),
            (18, "alternate-symmetric", "alternates are so both ways"),
            (19, "specialization-transitive", "a specialization of a specialization is one"),
            (20, "specialization-alternate-inference", "a specialization is an alternate"),
            (21, "specialization-attributes-inference", "a specialization has the attributes of what it is of"),
        ),
        *_rules(
            "6.1",
            (22, "key-object", "an id is one entity, activity or agent, with one start and one end"),
            (23, "key-properties", "an id is one relation, with one value for each of its arguments"),
            (24, "unique-generation", "an activity generates an entity once"),
            (25, "unique-invalidation", "an activity invalidates an entity once"),
            (26, "unique-wasStartedBy", "a starter starts an activity once"),
            (27, "unique-wasEndedBy", "an ender ends an activity once"),
            (28, "unique-startTime", "an activity's start has the activity's start time"),
            (29, "unique-endTime", "an activity's end has the activity's end time"),
        ),
        *_rules(
            "6.2.1",
            (30, "start-precedes-end", "an activity starts before it ends"),
            (31, "start-start-ordering", "all starts of an activity are at once"),
            (32, "end-end-ordering", "all ends of an activity are at once"),
            (33, "usage-within-activity", "an activity uses between its start and its end"),
            (34, "generation-within-activity", "an activity generates between its start and its end"),
            (35, "wasInformedBy-ordering", "the informant starts before the informed ends"),
        ),
        *_rules(
            "6.2.2",
            (36, "generation-precedes-invalidation", "an entity is generated before it is invalidated"),
            (37, "generation-precedes-usage", "an entity is generated before it is used"),
            (38, "usage-precedes-invalidation", "an entity is used before it is invalidated"),
            (39, "generation-generation-ordering", "all generations of an entity are at once"),
            (40, "invalidation-invalidation-ordering", "all invalidations of an entity are at once"),
            (41, "derivation-usage-generation-ordering", "what is derived is generated after the other was used"),
            (42, "derivation-generation-generation-ordering", "what is derived is generated later than the other"),
            (43, "wasStartedBy-ordering", "a trigger is there when it starts an activity"),
            (44, "wasEndedBy-ordering", "a trigger is there when it ends an activity"),
            (45, "specialization-generation-ordering", "a specialization is not generated before what it is of"),
            (46, "specialization-invalidation-ordering", "a specialization is not invalidated after what it is of"),
        ),
        *_rules(
            "6.2.3",
            (47, "wasAssociatedWith-ordering", "an activity and its agent are there at one time"),
            (48, "wasAttributedTo-ordering", "an agent is there before what is attributed to it"),
            (49, "actedOnBehalfOf-ordering", "the responsible is there before the delegate is gone"),
        ),
        *_rules(
            "6.3",
            (50, "typing", "the arguments of relations are entities, activities and agents"),
        ),
        *_rules(
            "6.4",
            (
                51, "impossible-unspecified-derivation-generation-use",
                "a derivation that names a generation or a usage names its activity",
            ),
            (52, "impossible-specialization-reflexive", "nothing is a specialization of itself"),
            (53, "impossible-property-overlap", "an id is of one relation"),
            (54, "impossible-object-property-overlap", "an id of a thing is no id of a relation"),
            (55, "entity-activity-disjoint", "an entity is no activity"),
            (56, "membership-empty-collection", "an empty collection has no members"),
        ),
    )
}  # fmt: skip
#: Rules that every document keeps, as far as it keeps the others.
_KEPT: Final = frozenset((5, 6, 8, 12, 14, 16, 17, 18, 20, 30, 31, 32, 33, 35, 36, 37, 38, 39, 40, 41, 44, 46, 47, 49))

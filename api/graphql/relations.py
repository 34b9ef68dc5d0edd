"""What relations are called as fields of a thing, in both directions, and what else leads from one thing to others.

A link is a body of the plan that binds `y`, what is reached, from `x`, whose field it is.
"""

from typing import Final, NamedTuple

from begat.graph_schema.terms import KINDS, PART, RELATIONS, SECTION
from begat.queries.plan import Atom, E, Either

#: The kinds that things are told apart by; "Thing" where a relation is one of anything.
FAMILIES: Final = ("Entity", "Activity", "Agent")
THING: Final = "Thing"


class Link(NamedTuple):
    """`of`: the kind of what has the field, `to`: of what it leads to. `stated`: the body binds `role` and `at`."""

    name: str
    of: str
    to: str
    help: str
    body: tuple[Atom, ...]
    stated: bool = True


def _family(kind: str) -> str:
    known = KINDS.get(kind)
    return THING if known is None else known.within or kind


class Named(NamedTuple):
    """A relation's field on the effect and on the cause, each with what it holds."""

    up: str
    causes: str
    down: str
    effects: str


NAMES: Final = {
    "used": Named("used", "What it used.", "usedBy", "What used it."),
    "wasGeneratedBy": Named("generations", "All that made it: of the same version several may have.", "generated",
                            "What it made."),
    "wasDerivedFrom": Named("derivedFrom", "What it was derived from, as stated.", "derivations",
                            "What was derived from it, as stated."),
    "wasInformedBy": Named("informedBy", "Activities whose results it had.", "informed",
                           "Activities that had its results."),
    "specializationOf": Named("specializationOf", "What it is a version of.", "generalizationOf", "Its versions."),
    "hadMember": Named("members", "What is in it: a folder's files, say.", "memberOf", "What it is in."),
    "alternateOf": Named("alternateOf", "The same thing seen in another way.", "alternates",
                         "What is said to be the same thing as it."),
    "wasInvalidatedBy": Named("invalidatedBy", "What put an end to it.", "invalidated", "What it put an end to."),
    "wasStartedBy": Named("startedBy", "What made it start.", "started", "What it made start."),
    "wasEndedBy": Named("endedBy", "What made it end.", "ended", "What it made end."),
    "wasAttributedTo": Named("attributedTo", "Whose it is.", "contributed", "What is attributed to it."),
    "wasAssociatedWith": Named("associatedWith", "Who was responsible.", "associateFor",
                               "What it was responsible for."),
    "actedOnBehalfOf": Named("actedOnBehalfOf", "For whom it acted.", "delegates", "Who acted for it."),
    "wasInfluencedBy": Named("influencedBy", "What had an influence on it, as stated.", "influenced",
                             "What it had an influence on, as stated."),
    "hadPlan": Named("plans", "The plans it followed.", "planOf", "What followed it as a plan."),
    "partOf": Named("partOf", "What it is a part of: a run, an experiment, a study.", "parts",
                    "Its parts, sections among them."),
    "hasSetting": Named("ownSettings", "Its own settings, without those of its sections.", "settingOf",
                        "Whose setting it is."),
    "evaluationOf": Named("evaluationOf", "What it is an evaluation of.", "evaluations", "Its evaluations."),
    "onData": Named("onData", "The data on which it was evaluated.", "dataOf", "Evaluations on it."),
    "hasFeature": Named("features", "Its features.", "featureOf", "The data that has it."),
    "ranOn": Named("ranOn", "The nodes it ran on.", "hosted", "What ran on it."),
    "submittedAs": Named("submittedAs", "The job as which it was submitted.", "submissions",
                         "What was submitted as it."),
    "about": Named("about", "What of the domain it is about.", "subjectOf", "What is about it."),
    "locatedIn": Named("locatedIn", "Where it lies.", "locationOf", "What lies in it."),
    "broader": Named("broader", "Wider concepts.", "narrower", "Narrower concepts."),
    "measuredBy": Named("measuredBy", "What measures it.", "measures", "What it measures."),
    "excluded": Named("excluded", "What it left out.", "excludedBy", "What left it out."),
    "instanceOf": Named("instanceOf", "The concepts it is one of.", "instances", "What is one of it."),
}  # fmt: skip


def _both(name: str) -> tuple[Link, Link]:
    relation, named = RELATIONS[name], NAMES[name]
    effect, cause = _family(relation.domain), _family(relation.range)
    return (
        Link(named.up, effect, cause, f"{named.causes} ({name})", (E("x", (name,), "y", role="role", at="at"),)),
        Link(named.down, cause, effect, f"{named.effects} ({name})", (E("y", (name,), "x", role="role", at="at"),)),
    )


def _set_by(activity: str) -> tuple[Atom, ...]:
    """Settings of an activity, those of its sections among them."""
    section = (E("section", ("partOf",), activity, with_role=SECTION), E("section", ("hasSetting",), "y"))
    return (Either(((E(activity, ("hasSetting",), "y"),), section)),)


MADE_BY: Final = E("x", ("wasGeneratedBy",), "run")

LINKS: Final = (
    *(link for name in RELATIONS for link in _both(name)),
    Link("settings", "Activity", "Entity", "Its settings, those of its sections among them.", _set_by("x"), False),
    Link(
        "hyperparameters", "Entity", "Entity", "The settings of what made it, those of its sections among them.",
        (MADE_BY, *_set_by("run")), False,
    ),
    Link(
        "sections", "Activity", "Activity", "Its sections: epochs, say.",
        (E("y", ("partOf",), "x", with_role=SECTION),), False,
    ),
    Link(
        "steps", "Activity", "Activity", "The activities inside it that are no sections.",
        (E("y", ("partOf",), "x", with_role=PART),), False,
    ),
)  # fmt: skip

"""When two nodes are equal: a version by its digest, an activity by what it did.

Equal keys stand for equal things. Of a version that is the digest of its content, wherever it lies; code is its
commit and what differs from it too, an environment all that is said of it. What has no digest is equal to what an
equal step made under the same name; a source without a digest only to itself. An activity did the same if function,
type and name, settings and inputs are equal.
"""

from hashlib import blake2b
from typing import Any, Final

import msgspec

from begat.queries.diff.behind import Behind, State
from begat.queries.diff.cycles import components
from begat.queries.diff.facts import Fact
from begat.queries.diff.known import Known

#: The attribute that tells an activity's function.
FUNCTION: Final = "function"


def keys(behind: Behind, known: Known) -> dict[State, str]:
    """The key of each state that is behind a thing."""
    found: dict[State, str] = {}
    needs = {s: _needed(s, behind, known) for s in behind.entered}
    for part in components(behind.entered, needs.__getitem__):
        for s in part:
            n = behind.owner[s]
            if len(part) > 1 or s in needs[s]:  # bad input: what is behind itself is told by its id alone
                found[s] = _digest("id", n)
            else:
                found[s] = _key(n, {(behind.owner[t], found[t]) for t in needs[s]}, known)
    return found


def _needed(state: State, behind: Behind, known: Known) -> list[State]:
    """The states whose keys decide this one's."""
    fact = known.facts[behind.owner[state]]
    if fact.kind == "Activity":
        return [t for t in behind.direct(state) if known.facts[behind.owner[t]].kind != "Activity"]
    return [] if _content(fact, known) is not None else list(behind.direct(state))


def _key(n: str, behind: set[tuple[str, str]], known: Known) -> str:
    """Of a node, given what decides it: nodes with their keys."""
    fact = known.facts[n]
    content = _content(fact, known)
    if fact.kind == "Activity":
        inputs = sorted((sorted(known.roles.get((n, c), ())), key) for c, key in behind)
        settings = sorted([s or "", name, values] for (s, name), values in known.settings.get(n, {}).items())
        function = sorted(map(str, fact.attributes.get(FUNCTION, ())))
        # What a command did is in no code that is known.
        ours = any(known.facts[c].type == "Code" for c, _ in behind)
        command = [] if ours else sorted(map(str, fact.attributes.get("command", ())))
        return _digest("did", fact.type, fact.name, function, command, settings, inputs)
    if content is not None:
        return _digest("is", *content)
    if behind:
        return _digest("made", fact.type, fact.name, fact.value, sorted({key for _, key in behind}))
    return _digest("id", n)


def _content(fact: Fact, known: Known) -> tuple[Any, ...] | None:
    """What tells a version's content; None where nothing does."""
    if fact.kind == "Activity":
        return None
    if fact.type == "Environment":
        said = sorted((k, sorted(map(str, v))) for k, v in fact.attributes.items())
        return ("environment", said) if said else None
    if fact.type == "Code":
        if fact.attributes.get("problem"):  # git did not tell what differs from the commit
            return None
        commits = sorted(map(str, fact.attributes.get("commit", ())))
        if commits or fact.digest:
            return ("code", fact.digest, commits, sorted(str(p.digest) for p in known.changes.get(fact.id, ())))
        return None
    return (fact.digest,) if fact.digest else None


def _digest(*what: Any) -> str:
    return blake2b(msgspec.json.encode(what, order="sorted"), digest_size=16).hexdigest()

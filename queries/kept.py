"""What is made of a plan, kept for the next time it is asked: most plans are constants, and their text is the same
whatever the values are."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, Final, Generic, TypeVar

import msgspec

from begat.queries.plan import Query
from begat.queries.scope import Scope

#: As many are kept: each question in several forms, with its lists; a text has some ten thousand signs.
MOST: Final = 512

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What was made of things, in some form each, the latest asked for; for any number of threads.

    A thing is known by its identity: to compare plans would take as long as to render them.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, Hashable], tuple[object, Made]] = OrderedDict()
        self._lock = Lock()
        #: How many were made, not found.
        self.made = 0

    def of(self, thing: object, form: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives of this thing in this form, now or earlier. It must depend on nothing else, and is shared:
        nobody may change it."""
        key = (id(thing), form)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][1]
        made = make()
        with self._lock:
            self.made += 1
            # With the thing: as long as it is there no other has its identity.
            self._held[key] = (thing, made)
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._held)


class Rendering(msgspec.Struct, frozen=True):
    """What a renderer gives, whatever the store. `params` are the constants of the plan and the scope; the question's
    own parameters come beside them."""

    text: str
    params: dict[str, Any]


Text = TypeVar("Text", bound=Rendering)
Render = Callable[[Query, Scope, Mapping[str, Any]], Text]


def rendered(kept: Kept[Text], render: Render[Text], query: Query, scope: Scope, given: Mapping[str, Any]) -> Text:
    """What `render` gives, kept; what the scope holds is bound anew."""
    made = kept.of(query, (scope.form, form(given)), lambda: render(query, scope, given))
    bound = scope.bound
    return msgspec.structs.replace(made, params={**made.params, **bound}) if bound else made


def form(given: Mapping[str, Any]) -> tuple[object, ...]:
    """What the making of a text may depend on of parameters: which there are, and the types of their values."""
    return tuple([(name, _type(value)) for name, value in given.items()])


def _type(value: Any) -> object:
    """The type of a value; of a list those of its elements, however many it has of each."""
    if isinstance(value, list | tuple):
        return frozenset([tuple(map(type, v)) if isinstance(v, list | tuple) else type(v) for v in value])
    return type(value)

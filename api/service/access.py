"""Who asks, and what they may: decided once for each request, before any route is entered."""

from typing import Final, Literal

import msgspec

from begat.graph_schema.errors import BegatError

Scope = Literal["read", "write", "admin"]
#: Each scope may also do what stands before it.
SCOPES: Final[tuple[Scope, ...]] = ("read", "write", "admin")


class Refused(BegatError):
    """Whoever asks may not: nobody known (401), or not this (403)."""

    exit_code = 4

    def __init__(self, message: str, status: Literal[401, 403]) -> None:
        self.status = status
        super().__init__(message)


class Access(msgspec.Struct, frozen=True):
    """What somebody may. `project`: the only one that there is for them; None: any. `who`: how logs call them."""

    scope: Scope
    project: str | None = None
    who: str = "-"

    def may(self, scope: Scope) -> bool:
        """Whether this scope is among theirs."""
        return SCOPES.index(scope) <= SCOPES.index(self.scope)

    def need(self, scope: Scope) -> None:
        """Raises Refused without that scope."""
        if not self.may(scope):
            raise Refused(f"this token may {self.scope}: this takes one that may {scope}", 403)

    def of_project(self, asked: str | None, default: str) -> str:
        """The project that is asked about. Raises Refused for one that is not theirs."""
        if self.project is None:
            return asked or default
        if asked not in (None, self.project):
            raise Refused(f"this token is for the project {self.project!r} alone", 403)
        return self.project

    def need_all_projects(self) -> None:
        """Raises Refused where only one project is theirs."""
        if self.project is not None:
            raise Refused("this tells of all projects: it takes a token for all", 403)


#: Of who needs no token.
EVERYTHING: Final = Access("admin", who="anyone")

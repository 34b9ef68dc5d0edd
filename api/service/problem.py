"""What goes wrong, as HTTP tells it: one shape on every route, application/problem+json (RFC 9457)."""

from typing import Any, Final

import msgspec
from starlette.responses import Response

from begat.api.service.access import Refused
from begat.graph_schema import errors

MEDIA: Final = "application/problem+json"
#: Seconds after which it may be well again.
RETRY: Final = 2
#: Statuses of begat's errors, the narrower first, and what each is called.
STATUS: Final[tuple[tuple[type[errors.BegatError], int, str], ...]] = (
    (errors.MissingExtra, 501, "not installed"),
    (errors.UsageError, 400, "wrong request"),
    (errors.Ambiguous, 409, "several have this name"),
    (errors.NotFound, 404, "not found"),
    (errors.TookTooLong, 503, "took too long"),
    (errors.StoreBusy, 503, "store busy"),
    (errors.StoreAway, 503, "store away"),
    (errors.StoreError, 503, "store cannot be used"),
    (errors.FormatError, 422, "cannot be read"),
    (errors.BegatError, 500, "failed"),
)


class Problem(errors.BegatError):
    """Something wrong with a request that is HTTP's own: its status, a short title, and one line for people."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.title, self.headers = status, title, headers or {}
        super().__init__(detail)


def answer(wrong: errors.BegatError) -> Response:
    """The response that tells an error."""
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    match wrong:
        case Problem():
            status, title, headers = wrong.status, wrong.title, wrong.headers
        case Refused(status=401):
            status, title = 401, "not known"
            headers["WWW-Authenticate"] = 'Bearer realm="begat"'
        case Refused():
            status, title = 403, "not allowed"
        case _:
            status, title = next((s, t) for kind, s, t in STATUS if isinstance(wrong, kind))
    if isinstance(wrong, errors.Ambiguous):
        more["matches"] = [{"id": i, "described": d} for i, d in wrong.matches[: wrong.LISTED]]
    elif isinstance(wrong, errors.NotFound) and wrong.nearest:
        more["nearest"] = list(wrong.nearest)
    if wrong.retryable:
        headers["Retry-After"] = str(RETRY)
    # A name may be that of a file with bytes that are no UTF-8, which JSON must be.
    detail = str(wrong).encode("utf-8", "backslashreplace").decode()
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(msgspec.json.encode(told), status, headers, MEDIA)

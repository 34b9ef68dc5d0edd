"""An answer that its reader need not be sent again."""

from collections.abc import Mapping
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response


def tagged(request: Request, body: bytes, media: str, headers: Mapping[str, str]) -> Response:
    """The body with its ETag; 304 without it to who has it already (RFC 9110, section 13.1.2)."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    told = {"ETag": tag, "Vary": "Accept, Authorization", **headers}
    if is_known(request, tag):
        return Response(status_code=304, headers=told)
    return Response(body, headers=told | {"Content-Type": media})


def is_known(request: Request, tag: str) -> bool:
    """Whether who asks has what a tag stands for; weak and strong ones are alike here."""
    given = request.headers.get("if-none-match", "")
    return tag in {t.strip().removeprefix("W/") for t in given.split(",")}

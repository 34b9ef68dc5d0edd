"""The IRI that a service is known by, so that what it tells of can be looked up: BEGAT_BASE_IRI."""

import os
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from begat.graph_schema.errors import UsageError

VARIABLE: Final = "BEGAT_BASE_IRI"


def base_iri(given: str | None = None, environ: Mapping[str, str] = os.environ) -> str | None:
    """What was given, else the variable; with a slash at its end. None where neither is. Raises UsageError."""
    iri = given or environ.get(VARIABLE)
    if not iri:
        return None
    try:
        parts = urlsplit(iri)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    except ValueError:
        wrong = True
    if wrong or not iri.isascii() or any(c in iri for c in " <>\"{}|\\^`"):
        where = "--base-iri" if given else VARIABLE
        raise UsageError(f"{where} is {iri!r}: give the address of the service, as in https://prov.example.org/")
    return iri if iri.endswith("/") else f"{iri}/"

"""What somebody asks in GraphQL."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Request(msgspec.Struct):
    """A document, which of its operations (None: the only one), and its variables."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = {}

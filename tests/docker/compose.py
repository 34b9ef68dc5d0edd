"""docker/compose.yaml as data, its variables as they are where nobody sets any."""

import re
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

FILE: Final = Path(__file__).resolve().parents[2] / "docker/compose.yaml"
_VARIABLE: Final = re.compile(r"\$\{(\w+):-([^}]*)\}")


def defaults(value: Any) -> Any:
    """With each ${NAME:-default} replaced by its default, and $$ by $."""
    if isinstance(value, dict):
        return {k: defaults(v) for k, v in value.items()}
    if isinstance(value, list):
        return [defaults(v) for v in value]
    return _VARIABLE.sub(r"\2", value).replace("$$", "$") if isinstance(value, str) else value


RAW: Final[dict[str, Any]] = YAML(typ="safe").load(FILE.read_text())
COMPOSE: Final[dict[str, Any]] = defaults(RAW)
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]

"""Where things are: flags, then BEGAT_* variables, then pyproject.toml's [tool.begat], then the defaults.

The file is read by the command line only: it would cost a training script 4 to 20 ms.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from begat.graph_schema.errors import UsageError
from begat.graph_schema.neo4j.address import signed, without_password


class Setting(NamedTuple):
    """A setting's name (of its flag and its key in the file), its variable, its default, and what it says."""

    name: str
    variable: str
    default: str
    help: str


SETTINGS: Final = (
    Setting(
        "store", "BEGAT_STORE", "sqlite:///./.begat/graph.db",
        "the graph: sqlite:///PATH, four slashes if absolute, or neo4j://USER:PASSWORD@HOST:7687/DATABASE",
    ),
    Setting("spool", "BEGAT_SPOOL", "./.begat/spool", "the folder the hooks write their journals to"),
    Setting("project", "BEGAT_PROJECT", "default", "the project that is asked about"),
)

#: The variable that names a file with USER/PASSWORD, for a store's address that names no user: a secret is best kept
#: out of the environment, and the image of Neo4j takes such a file too.
AUTH_FILE: Final = "BEGAT_STORE_AUTH_FILE"
#: The origin of a store that would be on a network disk by default.
MOVED: Final = "default, away from a network disk"


@dataclass(frozen=True)
class Settings:
    """All settings of a command, decided. `origin` tells of each where it comes from."""

    store: str
    spool: Path
    project: str
    origin: Mapping[str, str]

    @property
    def store_shown(self) -> str:
        """The store's address as it is printed: without the password."""
        return without_password(self.store)

    @property
    def store_file(self) -> Path | None:
        """The embedded store's file, None for other stores."""
        scheme, _, rest = self.store.partition(":///")
        return Path(rest) if scheme == "sqlite" and rest else None


def load(flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """Decide the settings. Raises UsageError for a pyproject.toml that is broken or says what nobody knows, and for a
    BEGAT_STORE_AUTH_FILE that is needed and has no USER/PASSWORD."""
    try:
        file = _file(folder or Path.cwd())
    except FileNotFoundError:
        raise UsageError("the folder you are in was removed: cd to one that is there") from None
    values: dict[str, str] = {}
    origin: dict[str, str] = {}
    for s in SETTINGS:
        found = (
            (f"--{s.name}", flags.get(s.name)),
            ("BEGAT_SINK", _sink(environ) if s.name == "spool" else None),
            (s.variable, environ.get(s.variable)),
            (file.path, file.values.get(s.name)),
            ("default", s.default),
        )
        origin[s.name], values[s.name] = next((where, str(value)) for where, value in found if value)
    if origin["store"] == "default":
        from begat.api.local_graph import moved  # not for --help

        there = moved(Path(SETTINGS[0].default.removeprefix("sqlite:///")), Path(values["spool"]))
        if there is not None:
            values["store"], origin["store"] = f"sqlite:///{there}", MOVED
    if named := environ.get(AUTH_FILE):
        values["store"] = signed(values["store"], lambda: _auth(Path(named)))
    return Settings(values["store"], Path(values["spool"]), values["project"], origin)


def _auth(file: Path) -> tuple[str, str]:
    try:
        user, _, password = file.read_text(encoding="utf-8").strip().partition("/")
    except (OSError, ValueError) as e:
        why = getattr(e, "strerror", None) or "it is no text"
        raise UsageError(f"{AUTH_FILE}: {file} cannot be read: {why}") from e
    if not user or not password:
        raise UsageError(f"{AUTH_FILE}: {file} must hold USER/PASSWORD")
    return user, password


def _sink(environ: Mapping[str, str]) -> str | None:
    """The folder that BEGAT_SINK=file:FOLDER has the hooks write to."""
    scheme, _, folder = environ.get("BEGAT_SINK", "").partition(":")
    return folder.removeprefix("//") if scheme == "file" and folder.strip("/") else None


class _File(NamedTuple):
    path: str
    values: dict[str, str]


def _file(folder: Path) -> _File:
    """[tool.begat] of the nearest pyproject.toml that has one; its paths are seen from its folder."""
    for above in (folder, *folder.parents):
        path = above / "pyproject.toml"
        if not path.is_file():
            continue
        import tomllib

        try:
            tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool")
        except (OSError, ValueError) as wrong:
            raise UsageError(f"{path} cannot be read: {wrong}") from wrong
        table = tools.get("begat") if isinstance(tools, dict) else None
        if table is not None:
            if not isinstance(table, dict):
                raise UsageError(f"{path}: tool.begat must be a table: write its settings below [tool.begat]")
            return _File(str(path), {k: _seen_from(above, k, v, path) for k, v in table.items()})
    return _File("", {})


def _seen_from(folder: Path, key: str, value: Any, path: Path) -> str:
    names = [s.name for s in SETTINGS]
    if key not in names:
        raise UsageError(f"{path}: [tool.begat] has no setting {key!r}: known are {', '.join(names)}")
    if not isinstance(value, str):
        raise UsageError(f"{path}: {key} in [tool.begat] must be a text, not {value!r}")
    if key == "spool":
        return str(folder / value)
    if key == "store" and value.startswith("sqlite:///") and value != "sqlite:///":
        return f"sqlite:///{folder / value.removeprefix('sqlite:///')}"
    return value

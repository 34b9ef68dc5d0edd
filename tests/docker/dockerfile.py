"""docker/Dockerfile as data: its stages and their instructions, of which none may be unknown here."""

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import msgspec

ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = ROOT / "docker/Dockerfile"
_WORD: Final = re.compile(r"([A-Z]+)\s+(.*)", re.S)


class Stage(msgspec.Struct):
    """What an image is made of, and how it is run. `steps` are (RUN or COPY, its words) with the state they see."""

    base: str
    name: str | None = None
    steps: list[dict[str, Any]] = []
    env: dict[str, str] = {}
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    folder: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = []
    command: list[str] = []
    health: list[str] = []
    volumes: list[str] = []
    ports: list[str] = []


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions with their words, comments left out and lines joined."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = [_WORD.fullmatch(one.strip()) for one in "\n".join(lines).replace("\\\n", " ").splitlines()]
    return [(m[1], m[2].strip()) for m in found if m]


def stages(text: str) -> list[Stage]:
    """Raises ValueError for an instruction that is not known here: it would not be tried."""
    given: dict[str, str] = {}
    made: list[Stage] = []
    for word, rest in instructions(text):
        if word == "ARG":
            name, _, value = rest.partition("=")
            given[name] = value
        elif word == "FROM":
            base, _, name = re.sub(r"\$\{(\w+)\}", lambda m: given[m[1]], rest).partition(" AS ")
            made.append(Stage(base, name or None))
        else:
            _apply(made[-1], word, rest)
    return made


def _apply(stage: Stage, word: str, rest: str) -> None:
    match word:
        case "RUN" | "COPY":
            seen = {"env": dict(stage.env), "folder": stage.folder, "user": stage.user, "shell": stage.shell}
            stage.steps.append({"do": word, "words": rest, **seen})
        case "ENV":
            stage.env |= dict(w.split("=", 1) for w in shlex.split(rest))
        case "WORKDIR":
            stage.folder = rest
        case "USER":
            stage.user = rest
        case "SHELL":
            stage.shell = json.loads(rest)
        case "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        case "CMD":
            stage.command = json.loads(rest)
        case "HEALTHCHECK":
            stage.health = json.loads(rest.partition(" CMD ")[2])
        case "VOLUME":
            stage.volumes.append(rest)
        case "EXPOSE":
            stage.ports.append(rest)
        case "LABEL":
            pass
        case _:
            raise ValueError(f"{word}: not known to tests/docker/dockerfile.py")

"""`params` takes settings as people have them: nested, in classes, from a command line; names dotted, types kept."""

import argparse
import dataclasses
import enum
import types
from collections.abc import Callable
from typing import Any, NamedTuple
from unittest.mock import MagicMock, Mock

import attrs
import click
import msgspec
import omegaconf
import pydantic
import pytest

import begat
from begat.capture.secrets import MASK
from begat.graph_schema.events import Setting

Told = Callable[[], Any]


@dataclasses.dataclass
class Optimizer:
    name: str = "adam"
    lr: float = 0.1
    decay: None = None


@dataclasses.dataclass
class Plain:
    steps: int = 3
    amp: bool = False
    optimizer: Optimizer = dataclasses.field(default_factory=Optimizer)


@attrs.define
class Attrs:
    steps: int = 3
    amp: bool = False
    optimizer: Optimizer = attrs.field(factory=Optimizer)


class Pydantic(pydantic.BaseModel):
    steps: int = 3
    amp: bool = False
    optimizer: Optimizer = Optimizer()


class Struct(msgspec.Struct):
    steps: int = 3
    amp: bool = False
    optimizer: Optimizer = msgspec.field(default_factory=Optimizer)


class Tuple(NamedTuple):
    steps: int = 3
    amp: bool = False
    optimizer: Optimizer = Optimizer()


class OfItsOwn:
    """A class of the user's own, as scripts have them."""

    def __init__(self) -> None:
        self.steps, self.amp, self.optimizer, self._hidden = 3, False, Optimizer(), 1


class LikeMapping:
    """A configuration that is no Mapping, as wandb and ml_collections have them."""

    held: dict[str, Any] = {"steps": 3, "amp": False, "optimizer": Optimizer()}  # noqa: RUF012

    def keys(self) -> Any:
        return self.held.keys()

    def __getitem__(self, key: str) -> Any:
        return self.held[key]

    def to_dict(self) -> Any:
        return self.held


def flat() -> dict[str, Any]:
    return {"steps": 3, "amp": False, "optimizer.name": "adam", "optimizer.lr": 0.1, "optimizer.decay": None}


KINDS: list[Any] = [
    {"steps": 3, "amp": False, "optimizer": {"name": "adam", "lr": 0.1, "decay": None}},
    Plain(),
    Attrs(),
    Pydantic(),
    Struct(),
    Tuple(),
    OfItsOwn(),
    LikeMapping(),
    argparse.Namespace(steps=3, amp=False, optimizer=Optimizer()),
    types.SimpleNamespace(steps=3, amp=False, optimizer=Optimizer()),
    omegaconf.OmegaConf.structured(Plain),
    omegaconf.OmegaConf.create({"steps": 3, "amp": False, "optimizer": {"name": "adam", "lr": 0.1, "decay": None}}),
]


@pytest.mark.parametrize("given", KINDS, ids=lambda given: type(given).__name__)
def test_settings_of_all_kinds_have_dotted_names_and_their_types(told: Told, given: Any) -> None:
    """Elsewhere a nested configuration is one text: its lr cannot be asked for, and False is a "False" that is true."""
    with begat.run("train") as run:
        run.params(given)
        if not isinstance(given, OfItsOwn):  # inside another one it may be anything: a model, a file
            run.params(config=given)
    events = told().of(Setting)
    found = {s.name: s.value for s in events}
    inside = {} if isinstance(given, OfItsOwn) else {f"config.{k}": v for k, v in flat().items()}
    assert found == flat() | inside
    assert all(type(found[k]) is type(v) for k, v in flat().items())


@pytest.mark.parametrize("given", [k for k in KINDS if not isinstance(k, OfItsOwn)], ids=lambda k: type(k).__name__)
def test_a_function_that_is_given_its_settings_has_them_one_by_one(told: Told, given: Any) -> None:
    @begat.activity
    def train(config: Any) -> None: ...

    train(given)
    assert {s.name: s.value for s in told().of(Setting)} == {f"config.{k}": v for k, v in flat().items()}


def test_omegaconf_refers_to_itself_and_may_lack_a_value(told: Told) -> None:
    class Mode(enum.Enum):
        FAST = 1

    whole = omegaconf.OmegaConf.create({"a": 1, "b": "${a}", "mode": Mode.FAST, "sizes": [1, 2]})
    lacking = omegaconf.OmegaConf.create({"a": 1, "b": "???", "c": "${nowhere}"})
    with begat.run("train") as run:
        run.params(whole)
        run.params(more=lacking)
    assert {s.name: s.value for s in told().of(Setting)} == {
        "a": 1, "b": 1, "mode": "FAST", "sizes": [1, 2], "more.a": 1, "more.b": "???", "more.c": "${nowhere}",
    }  # fmt: skip


def test_a_command_lines_own_settings(told: Told) -> None:
    @click.command()
    @click.option("--lr", type=float)
    @click.option("--token")
    @click.pass_context
    def main(context: click.Context, lr: float, token: str) -> None:
        with begat.run("train") as run:
            run.params(context)

    main.main(["--lr", "0.5", "--token", "hunter2"], standalone_mode=False)
    assert {s.name: s.value for s in told().of(Setting)} == {"lr": 0.5, "token": MASK}


def test_a_pydantic_secret_stays_one(told: Told) -> None:
    class Login(pydantic.BaseModel):
        user: str = "ada"
        word: pydantic.SecretStr = pydantic.SecretStr("hunter2")

    with begat.run("train") as run:
        run.params(Login())
    assert "hunter2" not in str(told().of(Setting))


def test_a_record_that_holds_itself_ends(told: Told) -> None:
    @dataclasses.dataclass
    class Ring:
        size: int = 1
        inner: "Ring | None" = None

    ring = Ring()
    ring.inner = ring
    with begat.run("train") as run:
        run.params(ring=ring)
    found = {s.name: s.value for s in told().of(Setting)}
    assert found["ring.size"] == 1
    assert len(str(found)) < 1000


@pytest.mark.parametrize("mock", [Mock(), MagicMock()])
def test_a_mock_has_no_settings_though_it_answers_everything(told: Told, mock: Any) -> None:
    with begat.run("train") as run:
        run.params(model=mock, lr=0.1)
        run.params(mock)
        run.params(seed=1)
    found = {s.name: s.value for s in told().of(Setting)}
    assert (found["lr"], found["seed"]) == (0.1, 1)
    assert found["model"].startswith(f"<{type(mock).__name__}")
    assert " id=" not in found["model"]


def test_what_has_no_names_is_counted_and_the_next_is_recorded(told: Told) -> None:
    with begat.run("train") as run:
        run.params(5)
        run.params(lr=0.1)
    assert [s.name for s in told().of(Setting)] == ["lr"]

"""What is nobody's business stays out of the journal: by its name, and inside any text."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import begat
from begat.capture import secrets
from begat.capture.secrets import MASK
from begat.graph_schema.events import End, Node, Setting, Start

Told = Callable[[], Any]

AWS = "AKIA" + "ABCDEFGHIJKLMNOP"
GITHUB = "ghp_" + "a1B2" * 9

TEXTS = [
    ("postgres://ada:hunter2@db.example/x", "postgres://ada:***@db.example/x"),
    ("https://ada:p@ss#1@host/x", "https://ada:***@host/x"),
    ("https://hunter2hunter2@git.example/a.git", "https://***@git.example/a.git"),
    ("ssh://git@host/x", "ssh://git@host/x"),
    ("http://host:8080/x", "http://host:8080/x"),
    ("https://h/x?page=2&token=hunter2&sort=up", "https://h/x?page=2&token=***&sort=up"),
    ("https://a.blob.example/c?sv=2024&sig=hunter2%3D", "https://a.blob.example/c?sv=2024&sig=***"),
    ("s3://b/k?X-Amz-Signature=hunter2&X-Amz-Date=2024", "s3://b/k?X-Amz-Signature=***&X-Amz-Date=2024"),
    ("train.py --password hunter2 --lr 0.1", "train.py --password *** --lr 0.1"),
    ("train.py --api-key=hunter2 -v", "train.py --api-key=*** -v"),
    ("login(password='hunter2', n=1)", "login(password='***', n=1)"),
    ('{"access_token": "hunter2", "n": 1}', '{"access_token": "***", "n": 1}'),
    ("Server=db;Password=hunter2;User=ada", "Server=db;Password=***;User=ada"),
    ("Authorization: Bearer hunter2hunter2", "Authorization: *** ***"),
    (f"using {AWS} now", "using *** now"),
    (f"git clone with {GITHUB}", "git clone with ***"),
    ("token = tokenizer.next()", "token = tokenizer.next()"),
    ("sorted(rows, key=len)", "sorted(rows, key=len)"),
    ("KeyError: 'column'", "KeyError: 'column'"),
    ("max_tokens=512 pad_token=<pad>", "max_tokens=512 pad_token=<pad>"),
]


@pytest.mark.parametrize(("given", "kept"), TEXTS)
def test_credentials_inside_a_text(given: str, kept: str) -> None:
    assert secrets.text(given) == kept
    assert secrets.text(kept) == kept


@pytest.mark.parametrize(
    "name",
    ["password", "DB_PASSWORD", "dbPassword", "password2", "db-passwd", "secret", "client_secret", "SECRET_NAME",
     "token", "hfToken", "api_key", "apiKey", "AWS_SECRET_ACCESS_KEY", "credentials", "key", "ssh_key", "pwd"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert secrets.is_secret(name, "hunter2")


@pytest.mark.parametrize(
    "name",
    ["max_tokens", "tokenizer", "eos_token", "token_count", "secretary", "sort_key", "primary_key", "key_dim", "monkey",
     "keyboard", "author", "lr"],
)  # fmt: skip
def test_names_that_only_look_so(name: str) -> None:
    assert not secrets.is_secret(name, "said")


def test_a_random_key_and_a_switch_are_no_secrets() -> None:
    assert not secrets.is_secret("key", 42)
    assert not secrets.is_secret("use_auth_token", True)
    assert not secrets.is_secret("password", None)


def test_no_secret_reaches_the_journal_by_any_way(told: Told) -> None:
    """Flowcept and MLflow keep arguments, tags and command lines as they are, passwords included."""

    @begat.activity
    def fetch(url: str, password: str, words: list[str], options: dict[str, Any]) -> None:
        raise ConnectionError(f"cannot log in to {url} with password={password}")

    word, where = "hunter2", "https://ada:hunter2@h/x"
    def script() -> None:
        with begat.run("r", source=where) as run:
            run.params({"db": {"credentials": {"user": "ada", "word": word}}, "argv": ["a", "--token", word]})
            run.metric("loss", 1.0, split=where)
            run.metric(f"loss at {where}", 1.0)
            run.used(f"{where}.csv?sig={word}")
            run.generated(f"s3://b/x.csv?X-Amz-Signature={word}", name=f"s3://b/x.csv?X-Amz-Signature={word}")
            fetch(where, word, ["--password", word], {"api_key": word})

    with pytest.raises(ConnectionError):
        script()
    events = told()
    trace = events.of(End)[0].trace
    assert "ConnectionError: cannot log in to https://ada:***@h/x with password=***" in trace
    assert "hunter2" not in str(events)
    assert events.of(Start)[0].attributes == {"source": "https://ada:***@h/x"}
    found = {s.name: s.value for s in events.of(Setting)}
    assert found["db.credentials"] == MASK
    assert found["argv"] == ["a", "--token", MASK]
    assert found["options.api_key"] == MASK


def test_a_presigned_address_opens_and_is_one_thing(told: Told) -> None:
    """Its signature is another one every time: it is no part of what it is the address of."""
    first, second = "https://h/x.csv?v=1&X-Amz-Signature=aaa", "https://h/x.csv?v=1&X-Amz-Signature=bbb"
    with begat.run("r") as run:
        handle = run.used(first)
        assert handle.path == first
        assert run.used(second).id == handle.id
    assert told().all(Node, id=handle.id)


@pytest.mark.parametrize("text", ["token" + "a" * 64_000, "a://" * 16_000, "key=" * 16_000, "token " * 10_000])
def test_masking_takes_no_time_to_speak_of(text: str) -> None:
    began = time.process_time()
    secrets.text(text)
    assert time.process_time() - began < 2

"""Trusted documents: an allow-list by the digest of the text."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from begat.api.graphql.execute import Context, Request, execute
from begat.api.graphql.trusted import trusted
from begat.graph_schema.errors import UsageError
from begat.graph_schema.memory import MemoryStore

KNOWN = "{ models { totalCount } }"


def in_a_folder(folder: Path) -> Path:
    (folder / "models.graphql").write_text(KNOWN)
    (folder / "notes.txt").write_text("{ runs { totalCount } }")
    return folder


def in_a_file(folder: Path) -> Path:
    file = folder / "documents.json"
    file.write_text(json.dumps({sha256(KNOWN.encode()).hexdigest(): KNOWN}))
    return file


@pytest.mark.parametrize("held", [in_a_folder, in_a_file])
def test_what_is_not_trusted_is_refused(held: Callable[[Path], Path], tmp_path: Path) -> None:
    context = Context(MemoryStore(), trusted=trusted(held(tmp_path)))
    assert json.loads(execute(Request(KNOWN), context).body) == {"data": {"models": {"totalCount": 0}}}
    for other in (f"{KNOWN} ", "{ runs { totalCount } }", "{ __typename }", "{"):
        reply = execute(Request(other), context)
        (error,) = json.loads(reply.body)["errors"]
        assert (reply.kind, error["extensions"]["code"]) == ("request_error", "NOT_TRUSTED")


@pytest.mark.parametrize("text", ["{", "[]", '{"00": "{ models { totalCount } }"}'])
def test_a_file_that_is_wrong_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "documents.json").write_text(text)
    with pytest.raises(UsageError, match=r"documents\.json"):
        trusted(tmp_path / "documents.json")


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere has no trusted documents"):
        trusted(tmp_path / "nowhere")

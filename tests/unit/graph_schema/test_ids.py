"""Identity: minted ids are unique and in order of time, agreed ones the same wherever they are made."""

import os
import subprocess
import sys
import threading
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.graph_schema import ids


def uuid_of(name: str) -> uuid.UUID:
    assert name.startswith("urn:uuid:")
    found = uuid.UUID(name)
    assert name == f"urn:uuid:{found}"
    assert found.variant == uuid.RFC_4122
    return found


def test_minted_ids_are_uuids_of_version_7_with_their_time() -> None:
    before = time.time_ns() // 1_000_000
    found = uuid_of(ids.mint())
    assert found.version == 7
    assert before <= found.int >> 80 <= time.time_ns() // 1_000_000


def test_minted_ids_are_unique() -> None:
    assert len({ids.mint() for _ in range(100_000)}) == 100_000


def test_minted_ids_sort_by_time() -> None:
    early = ids.mint()
    time.sleep(0.002)
    assert early < ids.mint()


def test_threads_mint_different_ids() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(ids.mint() for _ in range(5_000))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(found)) == 20_000


def test_a_forked_child_mints_ids_of_its_own() -> None:
    script = """
import os, sys
from begat.graph_schema import ids
ids.mint()
children = []
for _ in range(4):
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, " ".join(i[-16:] for i in (ids.mint() for _ in range(20))).encode())
        os._exit(0)
    os.wait()
    children.append(os.read(read, 65536).decode().split())
children.append([ids.mint()[-16:] for _ in range(20)])
print(len({i for c in children for i in c}))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "100\n"


def test_agreed_ids_are_uuids_of_version_8() -> None:
    assert uuid_of(ids.agreed("file", "a", "b")).version == 8


def test_agreed_ids_are_the_same_for_ever_and_everywhere() -> None:
    """Stored ids depend on these: they may not change from one begat to the next."""
    here = [ids.agreed("file", "file://m/x.csv", "blake2b:00"), ids.setting("urn:uuid:1", "lr")]
    script = (
        "from begat.graph_schema import ids\n"
        "print(ids.agreed('file', 'file://m/x.csv', 'blake2b:00'), ids.setting('urn:uuid:1', 'lr'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == here
    assert here == ["urn:uuid:5dbc42b0-91de-8311-a3ea-61319f8b9dc0", "urn:uuid:733f09be-bac1-8f0b-ab8e-8debacc2dab2"]


KINDS = st.sampled_from(("file", "setting", "experiment"))


@given(KINDS, st.lists(st.text(), max_size=3), KINDS, st.lists(st.text(), max_size=3))
def test_different_things_get_different_ids(kind: str, parts: list[str], other: str, others: list[str]) -> None:
    same = (kind, parts) == (other, others)
    assert (ids.agreed(kind, *parts) == ids.agreed(other, *others)) == same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("a", "b"), ("ab",)),
        (("a", ""), ("a",)),
        (("a\0", "b"), ("a", "\0b")),
        (("1:a",), ("a",)),
        (("", ""), ("",)),
    ],
)
def test_parts_do_not_run_into_each_other(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    assert ids.agreed("k", *one) != ids.agreed("k", *two)


def test_file_names_that_are_no_text_have_ids() -> None:
    """A path's bytes that are not UTF-8 come as surrogates."""
    one, two = (ids.file_version(f"file://m/{name}.csv", "blake2b:00") for name in ("\udcff", "\udcfe"))
    assert uuid_of(one) != uuid_of(two)


def test_the_short_form_is_the_last_eight_digits() -> None:
    name = ids.mint()
    assert ids.short(name) == name[-8:]
    assert ids.short("wandb:entity/project/run") == "wandb:entity/project/run"
    assert ids.short("") == ""

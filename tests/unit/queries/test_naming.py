"""How a thing is found by what people call it: never a guess, and never silently one of several."""

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.errors import Ambiguous, NotFound
from begat.queries.elsewhere import elsewhere
from tests.needs import needs_file

if TYPE_CHECKING:
    from tests.unit.queries.conftest import Named, Shelf

#: A file that not even root can read from its beginning.
UNREADABLE = "/proc/self/mem"
RUN = "urn:uuid:01234567-89ab-7cde-8f01-23456789abcd"


def digest(content: bytes) -> str:
    return "blake2b:" + blake2b(content, digest_size=32).hexdigest()


def version(shelf: "Shelf", id: str, file: Path, content: bytes, name: str | None = None) -> str:
    """A version of a file as the hooks describe it."""
    return shelf.put(id, name or file.name, path=str(file), digest=digest(content), size=len(content))


def test_an_id_goes_before_a_name(shelf: "Shelf", named: "Named") -> None:
    shelf.put("a", "b")
    shelf.put("b", "a")
    assert named("a") == ("a", [])


def test_a_short_id(shelf: "Shelf", named: "Named") -> None:
    shelf.put(RUN, "train", "Activity")
    assert named("6789abcd") == (RUN, [])
    assert named("6789ABCD") == (RUN, [])
    assert named("train") == (RUN, [])


def test_a_name_that_looks_like_a_short_id_is_a_name(shelf: "Shelf", named: "Named") -> None:
    shelf.put(RUN, "train", "Activity")
    shelf.put("x", "6789abcd")
    assert named("6789abcd") == ("x", [])


def test_a_name_that_several_have_is_told_with_all_of_them(shelf: "Shelf", named: "Named") -> None:
    shelf.put("one", "train", "Activity")
    shelf.put("two", "train", "Activity")
    with pytest.raises(Ambiguous) as caught:
        named("train")
    assert [i for i, _ in caught.value.matches] == ["two", "one"]  # the latest first
    assert "train [Activity]" in str(caught.value)


def test_who_asks_from_elsewhere_is_told_nothing_of_files_here(shelf: "Shelf", named: "Named", here: Path) -> None:
    (here / "m.pt").write_bytes(b"new")
    (here / "unrecorded.csv").write_bytes(b"")
    version(shelf, "new", here / "m.pt", b"new")
    version(shelf, "old", here / "m.pt", b"old")
    with elsewhere():
        found, (note,) = named(str(here / "m.pt"))
        assert found == "old", "the latest"
        assert "present" not in note
        with pytest.raises(NotFound) as caught:
            named("unrecorded.csv")
        assert "is there" not in str(caught.value)
        with pytest.raises(NotFound):
            named(f"../{here.name}/m.pt")  # no folder of this machine is where the asker is


def test_a_file_with_its_recorded_content(shelf: "Shelf", named: "Named", here: Path) -> None:
    (here / "m.pt").write_bytes(b"new")
    version(shelf, "old", here / "m.pt", b"old")
    version(shelf, "new", here / "m.pt", b"new")
    version(shelf, "latest", here / "m.pt", b"no longer there")
    for text in ("m.pt", "./m.pt", str(here / "m.pt"), f"../{here.name}/m.pt"):
        node, (note,) = named(text)
        assert node == "new"
        assert "the one of 3 with the file's present content" in note


def test_a_file_recorded_from_another_folder(shelf: "Shelf", named: "Named", here: Path) -> None:
    """Its name is relative to where the script ran; its path is the same."""
    (here / "out").mkdir()
    (here / "out" / "m.pt").write_bytes(b"x")
    version(shelf, "ours", here / "out" / "m.pt", b"x", name="out/m.pt")
    version(shelf, "theirs", Path("/elsewhere/out/m.pt"), b"x", name="out/m.pt")
    version(shelf, "odd", here / "odd.pt", b"y", name="../odd.pt")
    (here / "odd.pt").write_bytes(b"y")
    assert named("out/m.pt") == ("ours", [])
    assert named("odd.pt") == ("odd", [])


def test_a_file_that_changed_since_is_told(shelf: "Shelf", named: "Named", here: Path) -> None:
    (here / "m.pt").write_bytes(b"by hand")
    version(shelf, "v1", here / "m.pt", b"one")
    version(shelf, "v2", here / "m.pt", b"two")
    node, (note,) = named("m.pt")
    assert node == "v2"
    assert "the latest of 2 known (the file's present content is not known)" in note


def test_a_file_whose_present_content_has_a_name_of_its_own(shelf: "Shelf", named: "Named", here: Path) -> None:
    """`generated("m.pt", name="final")`, after checkpoints of the same path: the final one is meant."""
    (here / "m.pt").write_bytes(b"new")
    version(shelf, "old", here / "m.pt", b"old")
    version(shelf, "new", here / "m.pt", b"new", name="final")
    found, (note,) = named("m.pt")
    assert found == "new"
    assert "the one of 2 with the file's present content" in note
    (here / "m.pt").write_bytes(b"other")
    found, (note,) = named("m.pt")
    assert found == "new"
    assert "the latest of 2 known (the file's present content is not known)" in note


def test_a_file_through_a_link(shelf: "Shelf", named: "Named", here: Path) -> None:
    (here / "m.pt").write_bytes(b"x")
    (here / "best.pt").symlink_to("m.pt")
    version(shelf, "m", here / "m.pt", b"x")
    assert named("best.pt") == ("m", [])


def test_a_file_that_is_gone(shelf: "Shelf", named: "Named", here: Path) -> None:
    version(shelf, "v1", here / "gone.pt", b"one")
    node, (note,) = named("gone.pt")
    assert node == "v1"
    assert note.endswith("the only one known (the file is not here)")
    version(shelf, "v2", here / "gone.pt", b"two")
    node, (note,) = named("gone.pt")
    assert node == "v2"
    assert "the latest of 2 known (the file is not here)" in note


def test_one_content_recorded_as_several_things_is_not_guessed(shelf: "Shelf", named: "Named", here: Path) -> None:
    """A script that stays as it is while the commit changes."""
    (here / "train.py").write_bytes(b"x")
    version(shelf, "older", here / "train.py", b"before")
    for commit in ("1" * 40, "2" * 40):
        shelf.put(f"code at {commit[0]}", "train.py", path=str(here / "train.py"), digest=digest(b"x"), commit=commit)
    with pytest.raises(Ambiguous) as caught:
        named("train.py")
    assert [i for i, _ in caught.value.matches] == ["code at 2", "code at 1"]
    assert "at commit 111111111 " in str(caught.value)


def test_a_file_that_cannot_be_read(shelf: "Shelf", named: "Named") -> None:
    needs_file(UNREADABLE)
    shelf.put("v1", "memory", path=UNREADABLE, digest=digest(b"x"))
    node, (note,) = named(UNREADABLE)
    assert node == "v1"
    assert "the only one known (what is there cannot be read: " in note


def folder(shelf: "Shelf", id: str, where: Path, **content: bytes) -> str:
    """A version of a folder with some files, as the hooks describe it."""
    shelf.put(id, where.name, "Collection", path=str(where), digest=f"blake2b:{id}", members=len(content))
    for name, text in content.items():
        member = f"{name} {digest(text)[-4:]}"
        shelf.relate("hadMember", id, version(shelf, member, where / name, text, name=f"{where.name}/{name}"))
    return id


def test_a_folder_is_the_version_with_its_present_files(shelf: "Shelf", named: "Named", here: Path) -> None:
    folder(shelf, "first", here / "data", a=b"1", b=b"2")
    folder(shelf, "renamed", here / "data", a=b"1", c=b"2")
    folder(shelf, "changed", here / "data", a=b"1", b=b"3")
    folder(shelf, "grown", here / "data", a=b"1", b=b"2", c=b"4")
    node, (note,) = named("data")
    assert (node, note.endswith("the latest of 4 known (the folder is not here)")) == ("grown", True)
    (here / "data" / ".git").mkdir(parents=True)
    for name, text in (("a", "1"), ("b", "2"), (".git/c", "no part of it")):
        (here / "data" / name).write_text(text)
    node, (note,) = named("data")
    assert (node, note.endswith("the one of 4 with the folder's present content")) == ("first", True)
    (here / "data" / "b").write_text("3")
    assert named("data")[0] == "changed"
    (here / "data" / "b").write_text("5")
    node, (note,) = named("data")
    assert (node, note.endswith("(the folder's present content is not known)")) == ("grown", True)


def test_as_of_a_time_what_came_later_has_no_name(shelf: "Shelf", named: "Named") -> None:
    then = shelf.start("first", "train")
    later = shelf.start("second", "train")
    assert named("train", as_of=then) == ("first", [])
    with pytest.raises(Ambiguous):
        named("train", as_of=later)
    with pytest.raises(NotFound, match="nothing is called 'trial'"):
        named("trial", as_of=then)


def test_a_thing_that_came_later_than_the_asked_time_is_told(shelf: "Shelf", named: "Named") -> None:
    """Whichever is taken of several: nothing is said of any by then."""
    then = shelf.start("first", "train")
    shelf.start("second", "train")
    shelf.start("third", "test")
    early = then - 10_000_000
    _, notes = named("train", as_of=early)
    assert notes == ["train: nothing of that name was known by 2025-06-15T15:06:32Z"]
    assert named("test", as_of=then)[0] == "third"
    assert named("third", as_of=then) == ("third", ["third: not known by 2025-06-15T15:06:42Z"])


def test_as_of_a_time_a_file_is_the_version_of_that_time(shelf: "Shelf", named: "Named", here: Path) -> None:
    """v1 is used, v2 is used, and later v1 is there again and used, and v3."""
    (here / "d.csv").write_bytes(b"three")
    version(shelf, "v1", here / "d.csv", b"one")
    one = shelf.relate("used", "a", "v1")
    version(shelf, "v2", here / "d.csv", b"two")
    two = shelf.relate("used", "b", "v2")
    version(shelf, "v1", here / "d.csv", b"one")
    again = shelf.relate("used", "c", "v1")
    version(shelf, "v3", here / "d.csv", b"three")
    now = shelf.relate("used", "d", "v3")
    assert [named("d.csv", as_of=t)[0] for t in (one, two, again, now)] == ["v1", "v2", "v1", "v3"]
    (note,) = named("d.csv", as_of=two)[1]
    assert "the latest of 2 known by 2025-06-15T" in note
    assert "(the file's present content is not known by 2025-06-15T" in note
    (here / "d.csv").write_bytes(b"one")
    assert named("d.csv", as_of=two)[0] == "v1"  # its present content, which was known by then


def test_the_last_part_of_a_path(shelf: "Shelf", named: "Named", here: Path) -> None:
    version(shelf, "v", Path("/far/models/best.joblib"), b"x", name="models/best.joblib")
    assert named("best.joblib")[0] == "v"
    version(shelf, "w", Path("/far/other/best.joblib"), b"x", name="other/best.joblib")
    with pytest.raises(Ambiguous):
        named("best.joblib")


def test_equal_paths_on_two_machines_are_two_files(shelf: "Shelf", named: "Named") -> None:
    for host in ("a", "b"):
        shelf.put(host, "/tmp/x.csv", path="/tmp/x.csv", uri=f"file://{host}/tmp/x.csv")
    with pytest.raises(Ambiguous):
        named("/tmp/x.csv")


def test_what_is_unknown_gets_the_nearest_names(shelf: "Shelf", named: "Named", here: Path) -> None:
    for name in ("models/best.joblib", "train", "validate"):
        shelf.put(name, name)
    with pytest.raises(NotFound) as caught:
        named("bst.joblib")
    assert caught.value.nearest == ("models/best.joblib",)
    (here / "seen.txt").write_text("")
    with pytest.raises(NotFound, match="the file is there, but no recorded run has used or written it"):
        named("seen.txt")


def test_of_many_matches_the_first_are_listed_and_all_are_held() -> None:
    many = tuple((f"id{n}", "m [Model]") for n in range(100))
    assert Ambiguous("m", many).matches == many
    assert str(Ambiguous("m", many)).splitlines()[-2:] == ["  id19  m [Model]", "  ... and 80 more"]
    assert "more" not in str(Ambiguous("m", many[:20]))

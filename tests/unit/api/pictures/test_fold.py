"""Folding: nothing is lost, what stands alone stays as it is, and what repeats becomes one box."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.api.pictures.drawing import Arrow, Box, Drawing
from begat.api.pictures.fold import LEAST_OF_A_NAME, LEAST_OF_A_TYPE, fold, span


def box(id: str, type: str = "Dataset") -> Box:
    return Box(id, [id], "Entity", type, members=[id])


def activity(id: str, status: str = "FINISHED") -> Box:
    return Box(id, [id], "Activity", "Training", status=status, members=[id])


def used(run: str, *files: str) -> list[Arrow]:
    return [Arrow(run, f, "used", "") for f in files]


def made(run: str, *files: str) -> list[Arrow]:
    return [Arrow(f, run, "wasGeneratedBy", "") for f in files]


def folded(boxes: list[Box], arrows: list[Arrow]) -> dict[str, int]:
    """The boxes that are left: what each is called, and how many it stands for."""
    return {span(b.names): b.count for b in fold(Drawing(boxes, arrows)).boxes}


def test_the_files_of_a_folder_are_one_box() -> None:
    files = [f"raw/part-{n:03}.csv" for n in range(500)]
    d = Drawing([activity("merge"), *map(box, files)], used("merge", *files))
    assert folded(d.boxes, d.arrows) == {"merge": 1, "raw/part-000..499.csv": 500}
    (arrow,) = fold(d).arrows
    assert arrow.count == 500


def test_forty_trials_and_their_models_are_two_boxes() -> None:
    boxes = [activity("study"), box("train.csv"), box("best.pt", "Model")]
    arrows = [*made("study", "best.pt")]
    for n in range(40):
        trial, model = f"trial-{n}", f"trial-{n}.pt"
        boxes += [activity(trial), box(model, "Model")]
        arrows += [*used(trial, "train.csv"), *made(trial, model), *used("study", model)]
    assert folded(boxes, arrows) == {"study": 1, "train.csv": 1, "best.pt": 1, "trial-0..39": 40, "trial-0..39.pt": 40}


def test_what_failed_stands_apart() -> None:
    boxes = [box("train.csv"), *(activity(f"trial-{n}", "FAILED" if n < 9 else "FINISHED") for n in range(40))]
    arrows = [a for n in range(40) for a in used(f"trial-{n}", "train.csv")]
    assert folded(boxes, arrows) == {"train.csv": 1, "trial-0..8": 9, "trial-9..39": 31}


def test_of_a_long_chain_only_the_ends_stand_alone() -> None:
    boxes, arrows = [box("v0", "Model")], []
    for n in range(1, 200):
        boxes += [activity(f"fit-{n}"), box(f"v{n}", "Model")]
        arrows += [*used(f"fit-{n}", f"v{n - 1}"), *made(f"fit-{n}", f"v{n}")]
    left = folded(boxes, arrows)
    assert len(left) < 20
    assert max(left.values()) > 180


def test_few_alike_stay_apart() -> None:
    few = LEAST_OF_A_NAME - 1
    boxes = [activity("merge"), *(box(f"part-{n}.csv") for n in range(few))]
    assert len(folded(boxes, used("merge", *(f"part-{n}.csv" for n in range(few))))) == few + 1


def test_files_by_other_names_fold_only_where_they_are_many() -> None:
    names = ["".join(chr(97 + (n * 7 + k) % 26) for k in range(6)) + ".csv" for n in range(LEAST_OF_A_TYPE)]
    boxes, arrows = [activity("merge"), *map(box, names)], used("merge", *names)
    assert folded(boxes, arrows) == {"merge": 1, f"{min(names)} … {max(names)}": LEAST_OF_A_TYPE}
    assert len(folded(boxes[:-1], arrows[:-1])) == LEAST_OF_A_TYPE


def test_steps_by_other_names_do_not_fold() -> None:
    names = ["".join(chr(97 + (n * 7 + k) % 26) for k in range(6)) for n in range(26)]
    arrows = [a for n in names for a in used(n, "raw.csv")]
    assert len(folded([box("raw.csv"), *map(activity, names)], arrows)) == 27


def test_what_was_asked_about_never_folds() -> None:
    boxes = [activity("merge"), *(box(f"part-{n}.csv") for n in range(30))]
    boxes[7].asked = True
    assert folded(boxes, used("merge", *(f"part-{n}.csv" for n in range(30))))["part-6.csv"] == 1


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["train"], "train"),
        (["train", "train"], "train"),
        ([f"epoch {n}" for n in range(100)], "epoch 0..99"),
        (["9.pt", "10.pt", "11.pt"], "9..11.pt"),
        (["run 1/epoch 3", "run 2/epoch 3"], "run 1..2/epoch 3"),
        (["a1.csv", "a2.csv", "b.csv"], "a1.csv … b.csv"),
        (["0.1", "0.01", "1e-3"], "1e-3..0.1"),
        (["²", "³"], "² … ³"),
    ],
)
def test_many_names_are_one(names: list[str], text: str) -> None:
    assert span(names) == text


KINDS = {"Entity": ("Dataset", "Model", None), "Activity": ("Training", None), "Agent": ("Person",)}


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Any boxes and any arrows between, also cycles, parallels and arrows to itself; the first was asked about."""
    boxes = []
    for n in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        name = draw(st.sampled_from((f"x{n}", f"run {n % 7}", "same", "a\nb")))
        boxes.append(Box(str(n), [name], kind, draw(st.sampled_from(KINDS[kind])), asked=n == 0, members=[str(n)]))
    ends = st.sampled_from([b.id for b in boxes])
    relations = st.sampled_from(("used", "wasGeneratedBy", "partOf", ""))
    drawn = draw(st.lists(st.tuples(ends, ends, relations, st.sampled_from(("", "train"))), max_size=120, unique=True))
    return Drawing(boxes, [Arrow(*a) for a in drawn], draw(st.booleans()))


@given(drawings())
def test_nothing_is_lost(d: Drawing) -> None:
    after = fold(d)
    assert sorted(m for b in after.boxes for m in b.members) == sorted(b.id for b in d.boxes)
    assert sum(b.count for b in after.boxes) == len(d.boxes)
    assert sum(a.count for a in after.arrows) == len(d.arrows)
    assert all(b.count == 1 or b.count >= LEAST_OF_A_NAME for b in after.boxes)
    assert after.boxes[0].count == 1
    for b in after.boxes:
        of = [one for one in d.boxes if one.id in b.members]
        assert sorted(b.names) == sorted(one.names[0] for one in of)
        assert len({(one.kind, one.type, one.status) for one in of}) == 1


@given(drawings())
def test_links_between_what_stands_alone_stay(d: Drawing) -> None:
    after = fold(d)
    alone = {b.id for b in after.boxes if b.count == 1}
    holder = {m: b.id for b in after.boxes for m in b.members}

    def told(some: Drawing) -> Counter[tuple[str, str, str, str]]:
        counts: Counter[tuple[str, str, str, str]] = Counter()
        for a in some.arrows:
            counts[holder[a.source], holder[a.target], a.relation, a.role] += a.count
        return counts

    assert told(after) == told(d)
    between = [a for a in d.arrows if a.source in alone and a.target in alone]
    assert [a for a in after.arrows if a.source in alone and a.target in alone] == between

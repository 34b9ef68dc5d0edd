import pytest

from begat.graph_schema.errors import UsageError
from begat.queries.expr import AttrIs, Const, IsA, Prop, op
from begat.queries.where import Where, parse, time

X = "x"


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ('name = "a"', op("=", Prop(X, "name"), "a")),
        ("name == 'it''s'", None),
        (r'name != "a \"b\""', op("!=", Prop(X, "name"), 'a "b"')),
        ('started >= "1970-01-02"', op(">=", Prop(X, "started"), 86_400_000_000)),
        ('ended_at < "1970-01-01T01:00:00+01:00"', op("<", Prop(X, "ended"), 0)),
        ("value > 0.5", op(">", Prop(X, "number"), 0.5)),
        ("value = 1", op("=", Prop(X, "number"), 1.0)),
        ("value = true", op("=", Prop(X, "value"), "true")),
        ('value = "1"', op("=", Prop(X, "value"), '"1"')),
        ('type != "Model"', op("not", IsA(X, ("Model",)))),
        ("size <= -1e3", AttrIs(X, "size", "<=", Const(-1000.0))),
        ('wandb:tag = "t"', AttrIs(X, "wandb:tag", "=", Const("t"))),
        ('type = "learningdataset"', IsA(X, ("LearningDataset",))),
        ('type = "Epoch"', IsA(X, ("LearningStageSection",))),
        ('type = "urn:Foreign"', IsA(X, ("urn:Foreign",))),
        ('kind = "agent"', IsA(X, ("Agent",))),
        ("dirty = false", AttrIs(X, "dirty", "=", Const(False))),
    ],
)
def test_comparisons(text: str, test: object) -> None:
    if test is None:
        with pytest.raises(UsageError):
            parse(text)
    else:
        assert parse(text) == Where(op("and", test))


def test_and_binds_closer_than_or_and_not_closer_than_and() -> None:
    a, b, c = (AttrIs(X, k, "=", Const(1)) for k in "abc")
    assert parse("a = 1 or b = 1 and not c = 1").test == op("and", op("or", a, op("and", b, op("not", c))))
    assert parse("(a = 1 or b = 1) and c = 1").test == op("and", op("or", a, b), c)
    assert parse("a = 1 and b = 1").test == op("and", a, b)


def test_a_status_narrows_the_whole() -> None:
    assert parse('status = "LOST" and a = 1') == Where(op("and", AttrIs(X, "a", "=", Const(1))), frozenset({"LOST"}))
    assert parse('not status = "FINISHED" and status != "LOST"').statuses == frozenset(("FAILED", "KILLED", "RUNNING"))
    assert parse("") == Where()
    for text in ('status = "LOST" or a = 1', 'not (status = "LOST")'):
        with pytest.raises(UsageError, match="joined by 'and'"):
            parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name", "expected a comparison after 'name' at the end in 'name'"),
        ("name = ", "expected a number or a quoted text"),
        ("name = a", "expected a number or a quoted text"),
        ("name = 1", "compare it with a quoted text"),
        ('started > "yesterday"', "is not a time"),
        ('status = "DONE"', "one of FAILED"),
        ('type > "Model"', "= or !="),
        ('kind = "Model"', "one of Entity, Activity, Agent"),
        ("kind = 1", "one of Entity"),
        ("params. = 1", "write params.NAME"),
        ("metrics.`` > 1", "write metrics.NAME"),
        ('value > "a"', "only equal or not"),
        ('(a = 1', "expected ')'"),
        ("a = 1 b = 2", "expected 'and', 'or' or the end at 'b = 2'"),
        ("not " * 60 + "a = 1", "more than 50 deep"),
        (" or ".join(["a = 1"] * 300), "more words, signs and values than 1000"),
        ("a = 1; drop", "this cannot be read at '; drop'"),
        ("__import__('os')", "expected a comparison"),
    ],
)
def test_what_cannot_be_read_is_shown(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert told in str(caught.value)
    assert str(caught.value).startswith("--where: ")


def test_of_what_is_long_the_beginning_is_shown() -> None:
    with pytest.raises(UsageError) as caught:
        parse("lr = 'never closed " + "x" * 100_000)
    assert len(str(caught.value)) < 300


def test_times_have_no_offset_but_utc() -> None:
    assert time("2026-01-31") == time("2026-01-31T00:00:00Z") == time("2026-01-31T01:00:00+01:00")
    assert time("1970-01-01T00:00:00.000001") == 1
    for beyond in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(UsageError, match="not within the years"):
            time(beyond)

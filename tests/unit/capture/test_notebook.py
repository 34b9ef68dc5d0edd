"""A notebook's kernel never exits: a run ends with its block, else with the cell that opened it.

IPython is not among the things the tests install. What stands in for it is what begat uses of it: a shell that calls
`post_run_cell` after each cell, with the cell's exception. (By hand with ipykernel 7 and jupyter_client: the same.)
"""

from collections.abc import Callable
from typing import Any

from begat.graph_schema.events import End, Metric, Start

Play = Callable[..., Any]

KERNEL = """
    import types
    after = []
    shell = types.SimpleNamespace(events=types.SimpleNamespace(register=lambda name, call: after.append((name, call))))
    sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: shell)
    names = {"begat": begat}
    def cell(text):
        error = None
        try:
            exec(text, names)
        except Exception as e:
            error = e
        for name, call in after:
            assert name == "post_run_cell"
            call(types.SimpleNamespace(error_in_exec=error, error_before_exec=None))
"""


def ends(events: Any) -> list[tuple[str, str, str | None]]:
    names = {s.run: s.name for s in events.of(Start)}
    return [(names[e.run], e.outcome, e.error) for e in events.of(End)]


def test_a_run_ends_with_its_cell_or_block(play: Play) -> None:
    """The kernel is killed at last, as its user closes the notebook: no run is left open, and none is LOST."""
    done = play(
        KERNEL
        + """
    cell("run = begat.run('by cell').start(); begat.metric('a', 1)")
    cell("with begat.run('by block'): begat.metric('b', 2)")
    cell("outer = begat.run('outer').start(); inner = begat.run('inner').start()")
    cell("with begat.run('fails'): 1 / 0")
    cell("left = begat.run('left').start(); begat.metric('c', 3); raise ValueError('in the cell')")
    cell("run.metric('late', 4)")
    assert len(after) == 1
    os.kill(os.getpid(), signal.SIGKILL)
    """
    )
    assert done.code == -9
    assert ends(done.events) == [
        ("by cell", "finished", None),
        ("by block", "finished", None),
        ("inner", "finished", None),
        ("outer", "finished", None),
        ("fails", "failed", "ZeroDivisionError: division by zero"),
        ("left", "failed", "ValueError: in the cell"),
    ]
    names = {s.run: s.name for s in done.events.of(Start)}
    assert [(m.name, names[m.run]) for m in done.events.of(Metric)][:3] == [
        ("a", "by cell"), ("b", "by block"), ("c", "left"),
    ]  # fmt: skip
    assert done.events.all(Start, name="inner")[0].parent == done.events.all(Start, name="outer")[0].run


def test_a_program_that_has_loaded_ipython_and_runs_no_shell(play: Play) -> None:
    done = play("""
        import types
        sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: None)
        run = begat.run("train").start()
        run.metric("a", 1)
    """)
    assert (done.code, done.err) == (0, "")
    assert ends(done.events) == [("train", "finished", None)]

"""What recording keeps in memory, however long a run goes on."""

from collections.abc import Callable
from typing import Any

Play = Callable[..., Any]

#: What a million of something in one run may add to a process's memory, in MiB.
MOST = 64

SCRIPT = """
    import resource
    from begat.capture import lifecycle

    def most():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB

    with begat.run("train") as run:
        def points(first, last):
            for i in range(first, last):
                run.metric("loss", 0.5, step=i, split="train")
        points(0, 1_000)
        before = most()
        points(1_000, 1_000_000)
    lifecycle.finish()  # sealing included
    print(most() - before)
"""


def test_a_million_metrics_in_one_run_stay_under_64_mib(play: Play) -> None:
    """A peer keeps every event of a run in memory until it ends."""
    done = play(SCRIPT)
    assert done.code == 0, done.err
    assert int(done.out) < MOST * 1024
    told = 0
    for segment in done.spool.rglob("*.seg"):
        with segment.open("rb") as lines:
            told += sum(b'"type":"metric"' in line for line in lines)
    assert told == 1_000_000

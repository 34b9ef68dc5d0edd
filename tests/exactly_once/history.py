"""Writes a spool with a varied history: python history.py SPOOL [RUNS]

Several writers in two projects, some with several segments; runs of two writers; events of every kind; events that come
late, because writers work at the same time and a segment is read after another; and what goes wrong on real disks: a
damaged line whose clean copy comes in a later segment, a line told twice, one that nobody can read, a torn end.
The same RUNS give the same bytes.
"""

import itertools
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from begat.graph_schema import events as ev

MOMENT: Final = 1_750_000_000_000_000
#: Events of a segment; a writer's last segment may have fewer.
SEGMENT: Final = 40
#: Who writes for another project than "default".
PROJECTS: Final = {"others": "rivers"}
#: When the segments were last written to, in seconds since the epoch: long ago, so their writers are gone.
LONG_AGO: Final = 1_700_000_000
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

#: A writer and its event; the events of all writers are in the order in which they happen.
Told = tuple[str, Any]


def history(runs: int) -> Iterator[Told]:
    """What happens."""
    yield from curation()
    for n in range(0, runs, 2):
        # Two runs at a time, so that each writer's segments are full of the others' causes and effects.
        for pair in itertools.zip_longest(training(n), training(n + 1), tuning(n)):
            yield from (told for told in pair if told)
    yield from report(runs)


def curation() -> Iterator[Told]:
    """A study, its data and its people, told by one writer."""
    w = "curator"
    yield w, ev.Start(0, 0, "study", "digits", types=["Study"], attributes={"ex:grant": ["A-1", "B-2"]})
    yield w, ev.Node(0, 0, "raw", "Entity", types=["Dataset"], name="raw.csv", attributes={"path": "/data/raw.csv"})
    yield w, ev.Start(0, 0, "curation", "clean", types=["Curation"], parent="study")
    yield w, ev.Used(0, 0, "curation", "raw", role="source", attributes={"ex:rows": 1797})
    yield w, ev.Node(0, 0, "seen", "Entity", types=["Dataset"], name="train.csv (seen)")
    yield w, ev.Generated(0, 0, "curation", "data", role="result")
    yield w, ev.Node(0, 0, "data", "Entity", types=["Dataset", "LearningDataset"], name="train.csv")
    yield w, ev.Relate(0, 0, "wasDerivedFrom", "data", "raw", id="ex:cleaning", arguments={"activity": "curation"})
    yield w, ev.Relate(0, 0, "hadMember", "data", "data/part-1")
    yield w, ev.Node(0, 0, "ada", "Agent", types=["Person"], name="Ada")
    yield w, ev.Relate(0, 0, "wasAssociatedWith", "curation", "ada", role="curator", arguments={"plan": "protocol"})
    yield w, ev.Relate(0, 0, "wasStartedBy", "curation", None, time=MOMENT, arguments={"starter": "study"})
    yield w, ev.Relate(0, 0, "wasAttributedTo", "data", "ada", bundle="ex:bundle")
    yield w, ev.Node(0, 0, "data", "Entity", name="as the bundle has it", bundle="ex:bundle")
    yield w, ev.End(0, 0, "curation")
    yield w, ev.Beat(0, 0)


def training(n: int) -> Iterator[Told]:
    """A run of two writers: both say that it started and ended, both use the data, each writes its own series."""
    run = f"run-{n}"
    ranks = (f"rank{n % 2 * 2}", f"rank{n % 2 * 2 + 1}")
    for w in ranks:
        yield w, ev.Start(0, 0, run, "train", types=["Training"], parent="study", experiment="digits")
        # What was read is known as a version only later: see the alias.
        yield w, ev.Used(0, 0, run, f"seen-{n}", role="train")
        yield w, ev.Setting(0, 0, run, "lr", 0.1 / (1 + (w == ranks[1])))
    yield ranks[0], ev.Setting(0, 0, run, "limits", {"max": {"$": "INF", "type": XSD + "double"}, "layers": [n, 2]})
    for step in range(4):
        epoch = f"{run}-epoch-{step}"
        yield ranks[0], ev.Start(0, 0, epoch, f"epoch {step}", types=["Epoch"], section_of=run)
        for w in ranks:
            context = {"rank": w}
            yield w, ev.Metric(0, 0, run, "loss", 1 / (step + 1), step=step, section=epoch, context=context)
            yield w, ev.Metric(0, 0, run, "grad", ("NaN", "INF", "-INF", 0.5)[step], step=step + 0.5)
        yield ranks[0], ev.Generated(0, 0, run, f"{epoch}-model", section=epoch)
        yield ranks[1], ev.Node(0, 0, f"{epoch}-model", "Entity", types=["Checkpoint"], name=f"model-{step}.pt")
        yield ranks[0], ev.End(0, 0, epoch)
    if n % 3 == 1:
        yield ranks[1], ev.End(0, 0, run, outcome="failed", error="ValueError: no", trace="Traceback ...\nno")
    yield ranks[1], ev.Alias(0, 0, f"seen-{n}", "data")
    yield ranks[0], ev.End(0, 0, run)


def tuning(n: int) -> Iterator[Told]:
    """Another project's use of the same data: it sees other names, evaluates, and chooses among what others made."""
    w, run = "others", f"tuning-{n}"
    yield w, ev.Start(0, 0, run, "tune", types=["Preparation"])
    yield w, ev.Node(0, 0, "data", "Entity", types=["FeatureSet"], name="their train set", attributes={"ex:n": n})
    yield w, ev.Used(0, 0, run, "data")
    for step in range(3):
        model, score = f"run-{n}-epoch-{step}-model", f"{run}-score-{step}"
        yield w, ev.Used(0, 0, run, model, role="candidate")
        yield w, ev.Node(0, 0, score, "Entity", types=["ModelEvaluation"], name="accuracy", value=step / 3)
        yield w, ev.Generated(0, 0, run, score, of=[model])
        yield w, ev.Relate(0, 0, "evaluationOf", score, model)
        yield w, ev.Metric(0, 0, run, "accuracy", step / 3, step=step, context={"on": "data", "fold": step % 2})
    yield w, ev.Generated(0, 0, run, f"{run}-best", role="best")
    yield w, ev.Gap(0, 0, n + 1, "no space left on device")
    yield w, ev.End(0, 0, run, outcome="killed" if n % 4 else "finished")


def report(runs: int) -> Iterator[Told]:
    """What is made of all that at the end, by the writer of the beginning."""
    w = "curator"
    yield w, ev.Start(0, 0, "report", "report", types=["Evaluation"], parent="study")
    for n in range(runs):
        yield w, ev.Used(0, 0, "report", f"run-{n}-epoch-3-model")
        yield w, ev.Relate(0, 0, "wasInformedBy", "report", f"run-{n}", attributes={"ex:n": [n, float(n)]})
    yield w, ev.Generated(0, 0, "report", "paper", role="result")
    yield w, ev.Node(0, 0, "paper", "Entity", types=["Publication"], name="paper.pdf")
    yield w, ev.End(0, 0, "report")
    yield w, ev.End(0, 0, "study")


def lines_of(runs: int) -> dict[str, list[bytes]]:
    """The lines of each writer, in order, with their times and sequence numbers."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for tick, (writer, event) in enumerate(history(runs)):
        event.seq, event.at = len(lines[writer]) + 1, MOMENT + tick
        lines[writer].append(ev.line(event))
    return lines


def header(writer: str, number: int, wall: int) -> bytes:
    """Line 1 of a segment, of a process somewhere else: nothing can be proved of it from here."""
    project = PROJECTS.get(writer, "default")
    return ev.line(ev.Header(1, writer, number, project, "elsewhere", "another boot", 1, 1, "", wall, 0))


def sealed(head: bytes, lines: list[bytes]) -> bytes:
    """A whole segment with its footer."""
    body = head + b"".join(lines)
    return body + ev.line(ev.Footer(len(lines), crc32(body)))


def segments(runs: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all segments; the last one of each writer is still open."""
    for writer, lines in lines_of(runs).items():
        parts = [lines[i : i + SEGMENT] for i in range(0, len(lines), SEGMENT)]
        for number, part in enumerate(parts, 1):
            head = header(writer, number, MOMENT + number)
            last = number == len(parts)
            if writer == "rank0" and not last:
                again = part[7]
                part[7] = again.replace(b'"', b"'", 1)  # a bit that flipped: quarantined
                parts[number].insert(0, again)  # and its clean copy, in the next segment
            if writer == "rank2":
                part.insert(20, part[3])  # told twice
                part.insert(30, ev.line(ev.Beat(0, MOMENT)))  # no sequence number
                part.insert(40, b"what is this?\n")
            if last:
                torn = b'00000000 {"type":"met' if writer == "rank1" else b""
                yield f"{writer}.{number:04d}.open", head + b"".join(part) + torn
            else:
                yield f"{writer}.{number:04d}.seg", sealed(head, part)


def write(spool: Path, runs: int) -> None:
    """Write the spool."""
    folder = spool / "elsewhere"
    folder.mkdir(parents=True)
    for name, content in segments(runs):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (LONG_AGO, LONG_AGO))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10)

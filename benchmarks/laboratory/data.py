"""The data of one experiment: raw files of the wells of a field, cleaned, prepared in steps, and split in three."""

from random import Random
from typing import NamedTuple

from benchmarks.laboratory.places import FEATURES, field, person, wells
from benchmarks.laboratory.process import MINUTE, Process, days

RAW, READY = "Dataset", "LearningDataset"
#: Files that a step is made from, at most; and how many steps lead from raw files to the split.
FILES, STEPS = 500, (4, 12)
#: The wells' values cover so many days; what was found to be bad of the first well is a month of them.
SINCE, UNTIL, BAD_FROM, BAD_TO = -400, -35, -300, -270


class Data(NamedTuple):
    """Ids of what was made."""

    raw: list[str]
    splits: dict[str, str]


def data(n: int, random: Random, now: int) -> tuple[Process, Data]:
    """What experiment `n` learns from. A month of one well is left out by every other experiment."""
    say = Process(f"{n}-data", now)
    raw = _raw(say, n, random)
    run = _begin(say, n, "clean", "Curation")
    say.uses(run, *raw)
    say.params(run, threshold=random.choice((0, 1, 2)), interpolate=random.random() < 0.5)
    if n % 2 == 0:
        say.relate(run, "excluded", wells(n)[0], **days(BAD_FROM, BAD_TO))
    made = [_made(say, n, run, "clean.csv", RAW)]
    _end(say, run)
    for step in range(random.randint(*STEPS)):
        run = _begin(say, n, f"prepare-{step}", "Preparation")
        say.uses(run, *made)
        made = [_made(say, n, run, f"prepared-{step}-{i}.csv", READY) for i in range(random.randint(1, 3))]
        _end(say, run)
    return say, Data(raw, _split(say, n, random, made))


def _raw(say: Process, n: int, random: Random) -> list[str]:
    """One file a well at least; the fan-in is 5 to 500, most often small."""
    many = max(len(wells(n)), int(FILES ** random.random()))
    files = []
    for i in range(many):
        file = f"{n}/raw/{i}.csv"
        terms = {"license": "CC-BY-4.0"} if i % 3 else {"license": "ODbL-1.0", "access_rights": "no commercial use"}
        say.file(file, RAW, file, path=f"/data/{file}", size=4096 + i, **terms)
        say.about_days(file, wells(n)[i % len(wells(n))], SINCE, UNTIL)
        say.relate(file, "wasAttributedTo", person(n + i), "rights holder")
        files.append(file)
    return files


def _begin(say: Process, n: int, name: str, type: str) -> str:
    run = f"{n}/{name}"
    say.start(run, name, type, experiment=f"experiment {n}", attributes={"command": f"python {name}.py"})
    say.by(run, person(n), "curator", "org:laboratory")
    say.relate(run, "hadPlan", f"plan:{n}")
    say.relate(run, "ranOn", f"node:{n % 7}")
    say.uses(run, f"{n}/code", role="code")
    say.uses(run, f"env:{n % 20}", role="environment")
    return run


def _end(say: Process, run: str) -> None:
    say.wait(3 * MINUTE)
    say.end(run)


def _made(say: Process, n: int, run: str, name: str, type: str) -> str:
    file = f"{n}/{name}"
    say.file(file, type, file, path=f"/data/{file}", size=1 << 20, rows=1000)
    say.makes(run, file)
    return file


def _split(say: Process, n: int, random: Random, used: list[str]) -> dict[str, str]:
    """Training and validation data come of all that; what is for tests is about the field, and of another time."""
    run = _begin(say, n, "split", "Preparation")
    say.uses(run, *used)
    splits = {role: _made(say, n, run, f"{role}.npz", READY) for role in ("train", "validation", "test")}
    for i in range(4):
        say.relate(splits["train"], "hasFeature", f"feature:{(n + i) % FEATURES}")
    say.about_days(splits["test"], field(n), UNTIL, 0)
    say.about_days(splits["test"], random.choice(wells(n)), BAD_FROM, 0)
    _end(say, run)
    return splits

"""The data of the study: from raw files to what models learn from and are tested on.

    rain.csv@1 -- clean ---- rain-clean.csv --\\
    levels.csv -- annotate - floods.csv -------- join -- train.npz, val.npz
    rain.csv@1 -- merge -- base-train.npz
    rain.csv@2 -- hold-out -- test-havel.npz;   and levels.csv -- hold-out -- test-mulde.npz
"""

from collections.abc import Iterator

from begat.api.demo.study.teller import Teller, window

RAW = "Dataset"
READY = "LearningDataset"


def data() -> Iterator[Teller]:
    """One process a step."""
    yield download()
    yield clean()
    yield annotate()
    yield join()
    yield merge()
    yield hold_out()


def download() -> Teller:
    """What others measured: whose it is, what they allow, what it has values of. rain.csv is written over at noon."""
    say = Teller("download").at("07:30")
    say.file("rain.csv@1", RAW, "data/rain.csv", license="CC-BY-4.0", size=4096)
    say.about("rain.csv@1", "gauge:grimma", "gauge:ketzin", since="2024-01-01", until="2025-01-01")
    say.relate("rain.csv@1", "wasAttributedTo", "org:agency", "rights holder")
    say.file("levels.csv", RAW, "data/levels.csv", license="ODbL-1.0", access_rights="no commercial use", size=2048)
    say.about("levels.csv", "gauge:golzern", since="2024-01-01", until="2025-01-01")
    say.relate("levels.csv", "wasAttributedTo", "org:harbour", "rights holder")
    say.file("oder.npz", READY, "data/oder.npz", digest="blake2b:oder", rows=500)
    say.about("oder.npz", "gauge:kostrzyn", since="2024-01-01", until="2025-01-01")
    say.file("oder-copy.npz", READY, "copy/oder.npz", digest="blake2b:oder", rows=500)
    say.at("12:00").file("rain.csv@2", RAW, "data/rain.csv", license="CC-BY-4.0", size=5120)
    say.about("rain.csv@2", "gauge:grimma", "gauge:ketzin", since="2025-01-01", until="2026-01-01")
    say.relate("rain.csv@2", "wasAttributedTo", "org:agency", "rights holder")
    say.file("now.csv", RAW, "data/now.csv")
    say.about("now.csv", "gauge:grimma", since="2026-03-01", until="2026-03-02")
    say.relate("now.csv", "wasAttributedTo", "org:agency", "rights holder")
    return say


def clean() -> Teller:
    """Bob leaves out March at Ketzin, where ice had stopped the gauge."""
    say = Teller("clean").at("08:00")
    say.start("clean", "clean", "Curation", experiment="floods")
    say.by("clean", "person:bob", "curator", "org:lab")
    say.relate("clean", "hadPlan", "protocol.md")
    say.uses("clean", "rain.csv@1")
    say.params("clean", threshold=0, interpolate=False, fill="")
    say.relate("clean", "excluded", "gauge:ketzin", reason="ice", **window("2024-03-01", "2024-04-01"))
    say.at("08:09").file("rain-clean.csv", RAW, "data/rain-clean.csv", size=4000)
    say.makes("clean", "rain-clean.csv")
    say.about("rain-clean.csv", "gauge:grimma", since="2024-01-01", until="2025-01-01")
    say.about("rain-clean.csv", "gauge:ketzin", since="2024-01-01", until="2024-03-01")
    say.about("rain-clean.csv", "gauge:ketzin", since="2024-04-01", until="2025-01-01")
    say.at("08:10").end("clean")
    return say


def annotate() -> Teller:
    say = Teller("annotate").at("08:10")
    say.start("annotate", "annotate", "Curation", experiment="floods")
    say.by("annotate", "person:bob", "annotator", "org:lab")
    say.relate("annotate", "hadPlan", "protocol.md")
    say.uses("annotate", "levels.csv")
    say.params("annotate", flood_at=6.5)
    say.at("08:29").file("floods.csv", RAW, "data/floods.csv", size=100)
    say.makes("annotate", "floods.csv")
    say.at("08:30").end("annotate")
    return say


def join() -> Teller:
    """Two functions, scale and split, are parts of it: the time of the stage is theirs."""
    say = Teller("join").at("08:30")
    say.start("join", "join", "Preparation", experiment="floods")
    say.by("join", "person:ada", "author", "org:lab")
    say.relate("join", "hadPlan", "protocol.md")
    say.uses("join", "rain-clean.csv", "levels.csv", "floods.csv")
    say.at("08:31").start("scale", "scale", "Preparation", parent="join")
    say.at("08:33").end("scale")
    say.start("split", "split", "Preparation", parent="join")
    say.at("08:38").end("split")
    say.at("08:39").file("train.npz", READY, "data/train.npz", rows=800)
    say.makes("join", "train.npz")
    say.file("val.npz", READY, "data/val.npz", rows=200)
    say.makes("join", "val.npz")
    for feature in ("rain", "level"):
        say.node(f"feature:{feature}", "Entity", "Feature", feature)
        say.relate("train.npz", "hasFeature", f"feature:{feature}")
    say.at("08:40").end("join")
    return say


def merge() -> Teller:
    """Ada's shortcut: rain.csv as it was downloaded, March at Ketzin included."""
    say = Teller("merge").at("08:40")
    say.start("merge", "merge", "Preparation", experiment="floods")
    say.by("merge", "person:ada", "author", "org:lab")
    say.uses("merge", "rain.csv@1")
    say.at("08:49").file("base-train.npz", READY, "data/base-train.npz", rows=1000)
    say.makes("merge", "base-train.npz")
    say.relate("base-train.npz", "hasFeature", "feature:rain")
    say.at("08:50").end("merge")
    return say


def hold_out() -> Teller:
    """Uses the file that lies over the old rain.csv since noon; levels.csv only after test-havel.npz was written."""
    say = Teller("hold-out").at("13:50")
    say.start("hold-out", "hold-out", "Preparation", experiment="floods")
    say.by("hold-out", "person:ada", "author", "org:lab")
    say.uses("hold-out", "rain.csv@2")
    say.at("13:54").file("test-havel.npz", READY, "data/test-havel.npz", rows=100)
    say.makes("hold-out", "test-havel.npz")
    say.about("test-havel.npz", "gauge:ketzin", since="2025-01-01", until="2026-01-01")
    say.at("13:55").uses("hold-out", "levels.csv")
    say.at("13:59").file("test-mulde.npz", READY, "data/test-mulde.npz", rows=300)
    say.makes("hold-out", "test-mulde.npz")
    say.about("test-mulde.npz", "gauge:grimma", since="2025-01-01", until="2026-01-01")
    say.about("test-mulde.npz", "gauge:golzern", since="2024-01-01", until="2025-01-01")
    say.at("14:00").end("hold-out")
    return say

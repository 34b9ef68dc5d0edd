"""A. Domain data: from which raw files, through which decisions, about what."""

from typing import Final

from tests.contract.thirty.sheet import NODE, WHEN, Asked, Sheet, node, t, times

RAW_SOURCES: Final = Sheet(
    "raw_sources",
    "From which raw files, through which curation and preparation steps, was this dataset made?",
    "thing:thing!",
    NODE + "depth:integer\n via:id\n" + WHEN,
    # Entities first, by depth; then the steps by time.
    (
        Asked({"thing": "train.npz"}, [
            (*node("levels.csv"), 2, "join", *times("levels.csv")),  # train.npz - join - levels.csv
            (*node("rain.csv@1"), 4, "clean", *times("rain.csv@1")),  # ... join - rain-clean.csv - clean - rain.csv@1
            (*node("clean"), 3, "rain-clean.csv", *times("clean")),
            (*node("annotate"), 3, "floods.csv", *times("annotate")),  # join - floods.csv - annotate - levels.csv
            (*node("join"), 1, "train.npz", *times("join")),
            (*node("scale"), 2, "join", *times("scale")),  # a part that had ended, with what its whole had used
            (*node("split"), 2, "join", *times("split")),
            # Not floods.csv and rain-clean.csv, which somebody made; not merge, which also read rain.csv@1; not the
            # vocabulary, people or the plan.
        ]),
        Asked({"thing": "test-havel.npz"}, [
            (*node("rain.csv@2"), 2, "hold-out", *times("rain.csv@2")),  # what lay over rain.csv@1 by then
            (*node("hold-out"), 1, "test-havel.npz", *times("hold-out")),
            # Not levels.csv: hold-out read it after it had written test-havel.npz.
        ]),
        Asked({"thing": "rain.csv@1"}, []),  # a raw file has nothing behind it
    ),
)  # fmt: skip

CURATION_DECISIONS: Final = Sheet(
    "curation_decisions",
    "Which filter, clean or annotate steps, with which parameters and by whom, touched data of this instrument, "
    "survey or area?",
    "thing:thing!",
    """
    curation:id
    curation_name:text
    started_at:time
    data:id  # what it used, and which is about the entity
    data_name:text
    entity:id  # the thing asked for, or what lies in it
    entity_name:text
    setting:text  # a row a setting, also of its sections; a curation without any has a row with nulls
    value:json
    person:id
    person_name:text
    role:text
    since:time  # what it left out of the entity, see excluded
    until:time
    """,
    # In the order of started_at, curation, entity_name, entity, setting, value, person_name, role.
    (
        Asked({"thing": "gauge:ketzin"}, [
            # ketzin <- about - rain.csv@1 <- used - clean - hasSetting; clean - excluded -> ketzin, in March
            ("clean", "clean", t("08:00"), "rain.csv@1", "data/rain.csv", "gauge:ketzin", "Ketzin", name, value,
             "person:bob", "bob@lab", "curator", t("2024-03-01"), t("2024-04-01"))
            for name, value in (("fill", ""), ("interpolate", False), ("threshold", 0))
        ]),
        Asked({"thing": "area:mulde"}, [
            # grimma - locatedIn -> mulde; clean left out nothing of Grimma
            *[("clean", "clean", t("08:00"), "rain.csv@1", "data/rain.csv", "gauge:grimma", "Grimma", name, value,
               "person:bob", "bob@lab", "curator", None, None)
              for name, value in (("fill", ""), ("interpolate", False), ("threshold", 0))],
            # golzern - locatedIn -> mulde; golzern <- about - levels.csv <- used - annotate
            ("annotate", "annotate", t("08:10"), "levels.csv", "data/levels.csv", "gauge:golzern", "Golzern",
             "flood_at", 6.5, "person:bob", "bob@lab", "annotator", None, None),
            # Not merge and join: they used these files as well, and are no Curation.
        ]),
        Asked({"thing": "basin:oder"}, []),  # nobody has curated oder.npz
    ),
)  # fmt: skip

DATASETS_ABOUT: Final = Sheet(
    "datasets_about",
    "Which datasets, curated or raw, describe this domain entity or anything located inside it?",
    "thing:thing!",
    NODE + """
    how:text  # about: it is said of the dataset itself; derived: of one behind it, and not of itself
    entity:id  # of about
    entity_name:text
    since:time
    until:time
    """,
    # In the order of how, name, id, entity_name, entity, since, until.
    (
        Asked({"thing": "gauge:ketzin"}, [
            (*node("rain-clean.csv"), "about", "gauge:ketzin", "Ketzin", t("2024-01-01"), t("2024-03-01")),
            (*node("rain-clean.csv"), "about", "gauge:ketzin", "Ketzin", t("2024-04-01"), t("2025-01-01")),
            (*node("rain.csv@1"), "about", "gauge:ketzin", "Ketzin", t("2024-01-01"), t("2025-01-01")),
            (*node("rain.csv@2"), "about", "gauge:ketzin", "Ketzin", t("2025-01-01"), t("2026-01-01")),
            (*node("test-havel.npz"), "about", "gauge:ketzin", "Ketzin", t("2025-01-01"), t("2026-01-01")),
            (*node("base-train.npz"), "derived", None, None, None, None),  # - merge - rain.csv@1
            (*node("test-mulde.npz"), "derived", None, None, None, None),  # - hold-out - rain.csv@2
            (*node("train.npz"), "derived", None, None, None, None),  # - join - rain-clean.csv
            (*node("val.npz"), "derived", None, None, None, None),
            # Not levels.csv and floods.csv: they are about Golzern. Not the models and predictions made of all that.
        ]),
        Asked({"thing": "basin:oder"}, [  # kostrzyn - locatedIn -> warta - locatedIn -> oder
            (*node("oder.npz"), "about", "gauge:kostrzyn", "Kostrzyn", t("2024-01-01"), t("2025-01-01")),
            # Not oder-copy.npz: equal content is no statement about it.
        ]),
        Asked({"thing": "gauge:wurzen"}, []),
    ),
)  # fmt: skip

SHEETS: Final = (RAW_SOURCES, CURATION_DECISIONS, DATASETS_ABOUT)

"""F. Lineage and governance: how, from what, by whom, under which terms; what hangs on it; how to do it again."""

from typing import Any, Final

from tests.contract.thirty.sheet import NODE, WHEN, Asked, Sheet, moment, node, setting, t, times

FLOODS: Final = "https://doi.org/10.1000/floods"

HOW_CONNECTED: Final = Sheet(
    "how_connected",
    "How, step by step, does this depend on that?",
    """
    thing:thing!
    other:thing!
    """,
    "step:integer  # 0 is the thing itself\n" + NODE + """
    relation:relation  # of the step before to this one, where that is one stored relation
    role:text
    """,
    # A least path of lineage; of several the one whose ids are the least, from the thing on. No rows: it does not.
    (
        Asked({"thing": "a.pt", "other": "rain.csv@1"}, [
            (0, *node("a.pt"), None, None),
            (1, *node("train-a"), "wasGeneratedBy", None),
            (2, *node("train.npz"), "used", "train"),  # by val.npz it is as far
            (3, *node("join"), "wasGeneratedBy", None),
            (4, *node("rain-clean.csv"), "used", None),
            (5, *node("clean"), "wasGeneratedBy", None),
            (6, *node("rain.csv@1"), "used", None),
        ]),
        Asked({"thing": FLOODS, "other": "rain.csv@1"}, [  # by base.pt it is nearer than by a.pt
            (0, *node(FLOODS), None, None),
            (1, *node("ens.pt"), "wasDerivedFrom", None),
            (2, *node("combine"), "wasGeneratedBy", None),  # by pair.pt it is as far
            (3, *node("base.pt"), "used", "member"),
            (4, *node("base"), "wasGeneratedBy", None),
            (5, *node("base-train.npz"), "used", "train"),
            (6, *node("merge"), "wasGeneratedBy", None),
            (7, *node("rain.csv@1"), "used", None),
        ]),
        Asked({"thing": "val.npz", "other": "split"}, [
            (0, *node("val.npz"), None, None),
            (1, *node("join"), "wasGeneratedBy", None),
            (2, *node("split"), None, None),  # a part of join: whole to part is lineage, and no relation of its own
        ]),
        Asked({"thing": "a.pt", "other": "test-mulde.npz"}, []),  # it was tested on it, later
        Asked({"thing": "a.pt", "other": "rain.csv@2"}, []),  # which lay over rain.csv@1 later
        Asked({"thing": "oder.pt", "other": "train-a"}, []),  # lr 0.1, ada, node1, train.py: values and names
        Asked({"thing": "rain.csv@1", "other": "a.pt"}, []),  # never the other way
    ),
)  # fmt: skip


def scores(depth: int, *ids: str) -> list[tuple[Any, ...]]:
    return [(*node(i), depth, "evaluate", *times(i)) for i in ids]


def far(id: str) -> tuple[Any, ...]:
    return (*node(id), None, None, *times(id))


IMPACT: Final = Sheet(
    "impact",
    "This dataset, feature, code or step was wrong: what was built on it, to be run again or withdrawn?",
    """
    thing:thing!
    depth:integer
    since:time
    until:time
    """,
    NODE + "depth:integer\n via:id\n" + WHEN,
    # In the order of depth, type, started_at, name, id. With a window only what hangs on who used it then, at the depth
    # that it has without. Of a feature, what hangs on data that has it; the depth is known of the data alone.
    (
        Asked({"thing": "rain.csv@2"}, [  # the new version: nothing that was made of the old one
            (*node("hold-out"), 1, "rain.csv@2", *times("hold-out")),
            (*node("test-havel.npz"), 2, "hold-out", *times("test-havel.npz")),
            (*node("test-mulde.npz"), 2, "hold-out", *times("test-mulde.npz")),
            (*node("evaluate"), 3, "test-havel.npz", *times("evaluate")),
            *scores(4, "nse:a:mulde", "nse:b:mulde", "rmse:a:havel", "rmse:a:mulde", "rmse:b:havel", "rmse:b:mulde",
                    "rmse:base:mulde", "rmse:ens:mulde"),
            # No model: they were tested on it.
        ]),
        Asked({"thing": "base.pt"}, [
            (*node("evaluate"), 1, "base.pt", *times("evaluate")),
            (*node("pair.pt"), 1, "base.pt", *times("pair.pt")),  # hadMember
            (*node("train-b"), 1, "base.pt", *times("train-b")),  # base_model
            (*node("combine"), 1, "base.pt", *times("combine")),
            (*node("b.pt"), 2, "train-b", *times("b.pt")),
            (*node("ens.pt"), 2, "combine", *times("ens.pt")),
            *scores(2, "rmse:base:mulde", "rmse:ens:mulde"),  # after evaluate had used base.pt
            (*node(FLOODS), 3, "ens.pt", *times(FLOODS)),
            (*node("serve"), 3, "ens.pt", *times("serve")),
            *scores(4, "nse:b:mulde", "rmse:b:havel", "rmse:b:mulde"),  # by b.pt; evaluate had not used base.pt yet
            (*node("alert.csv"), 4, "serve", *times("alert.csv")),
            # Not the scores of a.pt, the first that evaluate gave; not a.pt, forecast and the poster.
        ]),
        Asked({"thing": "train-c"}, []),  # it failed, and made nothing
        Asked({"thing": "base.pt", "since": moment("10:30")}, [  # combine at 14:20, evaluate after 14:30; not train-b
            (*node("evaluate"), 1, "base.pt", *times("evaluate")),
            (*node("pair.pt"), 1, "base.pt", *times("pair.pt")),  # combine made it
            (*node("combine"), 1, "base.pt", *times("combine")),
            (*node("ens.pt"), 2, "combine", *times("ens.pt")),
            *scores(2, "rmse:base:mulde", "rmse:ens:mulde"),  # what evaluate gave since then
            (*node(FLOODS), 3, "ens.pt", *times(FLOODS)),
            (*node("serve"), 3, "ens.pt", *times("serve")),
            (*node("alert.csv"), 4, "serve", *times("alert.csv")),
        ]),
        Asked({"thing": "base.pt", "since": moment("14:25")}, [  # evaluate; serve, by ens.pt of which it is a part
            (*node("evaluate"), 1, "base.pt", *times("evaluate")),
            *scores(2, "rmse:base:mulde", "rmse:ens:mulde"),
            (*node("serve"), 3, "ens.pt", *times("serve")),
            (*node("alert.csv"), 4, "serve", *times("alert.csv")),
        ]),
        Asked({"thing": "base.pt", "until": moment("08:00")}, []),  # it was not there yet
        Asked({"thing": "feature:level"}, [  # train.npz - hasFeature -> level
            (*node("train.npz"), 1, "feature:level", *times("train.npz")),
            *(far(f"ck-{n}") for n in (1, 2, 3)),
            *map(far, ("evaluate", "forecast", "a.pt", "b.pt", "ens.pt", "pair.pt")),
            *(far(f"nse:{m}:mulde") for m in "ab"),
            *map(far, ("rmse:a:havel", "rmse:a:mulde", "rmse:b:havel", "rmse:b:mulde", "rmse:base:mulde")),
            *map(far, ("rmse:ens:mulde", "alert.csv", "flood-mulde.csv")),
            *map(far, ("https://doi.org/10.1000/poster", FLOODS, "serve")),
            *(far(f"train-{t}") for t in "abcde"),
            far("combine"),
        ]),
    ),
)  # fmt: skip

#: lr of epochs 2 and 3 of train-a: two settings of one value, in the order of their ids.
LATE_LR: Final = sorted((setting("train-a/epoch-2", "lr"), setting("train-a/epoch-3", "lr")))


def set_in(id: str, name: str, depth: int, via: str, value: Any) -> tuple[Any, ...]:
    return (
        id, name, "HyperparameterSetting", "Entity", depth, via, "hasSetting", None, value, None, None, None,
    )  # fmt: skip


def behind(id: str, depth: int, via: str, relation: str | None = None, role: str | None = None) -> tuple[Any, ...]:
    return (*node(id), depth, via, relation, role, None, *times(id))


HOW_CREATED: Final = Sheet(
    "how_created",
    "How was this made: from which data, code, environment and settings, by which steps, people and jobs?",
    """
    thing:thing!
    depth:integer
    """,
    NODE + """
    depth:integer
    via:id
    relation:relation
    role:text
    value:json
    """ + WHEN,
    # In the order of depth, started_at, name, via, value, id.
    (
        Asked({"thing": "a.pt"}, [
            behind("train-a", 1, "a.pt", "wasGeneratedBy"),
            behind("job:101", 2, "train-a", "submittedAs"),
            behind("env@1", 2, "train-a", "used", "environment"),
            behind("person:ada", 2, "train-a", "wasAssociatedWith", "author"),
            behind("train.npz", 2, "train-a", "used", "train"),
            behind("val.npz", 2, "train-a", "used", "validation"),
            behind("train-a.sbatch", 2, "train-a", "used", "job"),
            set_in(setting("train-a", "layers"), "layers", 2, "train-a", 2),
            *[set_in(i, "lr", 2, "train-a", 0.01) for i in LATE_LR],
            set_in(setting("train-a", "lr"), "lr", 2, "train-a", 0.1),
            behind("node:1", 2, "train-a", "ranOn"),
            set_in(setting("train-a", "note"), "note", 2, "train-a", ""),
            behind("protocol.md", 2, "train-a", "hadPlan"),
            set_in(setting("train-a", "seed"), "seed", 2, "train-a", 0),
            set_in(setting("train-a", "shuffle"), "shuffle", 2, "train-a", False),
            behind("train.py@2", 2, "train-a", "used", "code"),
            behind("join", 3, "train.npz", "wasGeneratedBy"),
            behind("scale", 4, "join"),
            behind("split", 4, "join"),
            behind("floods.csv", 4, "join", "used"),
            behind("levels.csv", 4, "join", "used"),
            behind("rain-clean.csv", 4, "join", "used"),
            behind("clean", 5, "rain-clean.csv", "wasGeneratedBy"),
            behind("annotate", 5, "floods.csv", "wasGeneratedBy"),
            behind("person:bob", 6, "annotate", "wasAssociatedWith", "annotator"),  # and of clean, which is as near
            behind("rain.csv@1", 6, "clean", "used"),
            set_in(setting("clean", "fill"), "fill", 6, "clean", ""),
            set_in(setting("annotate", "flood_at"), "flood_at", 6, "annotate", 6.5),
            set_in(setting("clean", "interpolate"), "interpolate", 6, "clean", False),
            set_in(setting("clean", "threshold"), "threshold", 6, "clean", 0),
            # Not the test data; not train-b beside it; not the checkpoints; not oder.pt, with which it shares values.
        ]),
        Asked({"thing": "oder.pt"}, [
            behind("train-o", 1, "oder.pt", "wasGeneratedBy"),
            behind("env@1", 2, "train-o", "used", "environment"),
            behind("person:ada", 2, "train-o", "wasAssociatedWith", "author"),
            behind("oder.npz", 2, "train-o", "used", "train"),
            set_in(setting("train-o", "layers"), "layers", 2, "train-o", 2),
            set_in(setting("train-o", "lr"), "lr", 2, "train-o", 0.1),
            behind("node:1", 2, "train-o", "ranOn"),
            behind("train.py@oder", 2, "train-o", "used", "code"),
        ]),
    ),
)  # fmt: skip

AGENCY: Final = ("org:agency", "River Agency", "rights holder")
HARBOUR: Final = ("org:harbour", "Harbour Office", "rights holder")
RAIN: Final[tuple[Any, ...]] = ("source", "rain.csv@1", "data/rain.csv", "Dataset", ["CC-BY-4.0"], [], *AGENCY)
LEVELS: Final[tuple[Any, ...]] = (
    "source", "levels.csv", "data/levels.csv", "Dataset", ["ODbL-1.0"], ["no commercial use"], *HARBOUR,
)  # fmt: skip
NOBODY: Final = (None, None, None)

WHERE_FROM: Final = Sheet(
    "where_from",
    "Where has the data behind this model come from, whose is it, and under which licence or restriction?",
    "thing:thing!",
    """
    what:text  # source: a raw source, see raw_sources; together: the licences and restrictions of all of them
    id:id
    name:text
    type:text
    license:json  # attribute license, sorted
    access_rights:json  # attribute access_rights, sorted
    owner:id  # wasAttributedTo; a row an owner
    owner_name:text
    role:text
    """,
    # In the order of what, name, id, owner_name, owner. A raw dataset asked for is its own source.
    (
        Asked({"thing": "a.pt"}, [  # train.npz - join - levels.csv; join - rain-clean.csv - clean - rain.csv@1
            LEVELS,
            RAIN,
            ("together", None, None, None, ["CC-BY-4.0", "ODbL-1.0"], ["no commercial use"], *NOBODY),
        ]),
        Asked({"thing": "base.pt"}, [  # no levels: it may be sold
            RAIN,
            ("together", None, None, None, ["CC-BY-4.0"], [], *NOBODY),
        ]),
        Asked({"thing": "flood-mulde.csv"}, [  # by the model, and by what it was given
            LEVELS,
            ("source", "now.csv", "data/now.csv", "Dataset", [], [], *AGENCY),
            RAIN,
            ("together", None, None, None, ["CC-BY-4.0", "ODbL-1.0"], ["no commercial use"], *NOBODY),
        ]),
        Asked({"thing": "oder.pt"}, [  # nobody has said anything of it
            ("source", "oder.npz", "data/oder.npz", "LearningDataset", [], [], *NOBODY),
            ("together", None, None, None, [], [], *NOBODY),
        ]),
        Asked({"thing": "levels.csv"}, [
            LEVELS,
            ("together", None, None, None, ["ODbL-1.0"], ["no commercial use"], *NOBODY),
        ]),
    ),
)  # fmt: skip

ADA: Final = ("person:ada", "ada@lab", "Person")
BOB: Final = ("person:bob", "bob@lab", "Person")
#: The lab in its own activities, and the university behind the lab in all.
FOR_LAB: Final = ((1, "org:lab", "Lab of Rivers"), (2, "org:university", "University"))

WHO: Final = Sheet(
    "who",
    "Who was responsible for this, or contributed to it, in which role and on whose behalf?",
    "thing:thing!",
    """
    agent:id
    agent_name:text
    agent_type:text
    role:text
    activity:id
    activity_name:text
    started_at:time
    step:integer  # how many times on behalf of; null where the agent acted for itself
    behalf:id
    behalf_name:text
    """,
    # Of the activities behind the thing, and of itself if it is one. On behalf of: said of that activity, or of none.
    # In the order of agent_name, agent, started_at, activity, role, step, behalf_name.
    (
        Asked({"thing": "flood-mulde.csv"}, [
            *[(*ADA, "author", "join", "join", t("08:30"), *o) for o in FOR_LAB],
            *[(*ADA, "author", "train-a", "train-a", t("10:00"), *o) for o in FOR_LAB],
            *[(*BOB, "curator", "clean", "clean", t("08:00"), *o) for o in FOR_LAB],
            *[(*BOB, "annotator", "annotate", "annotate", t("08:10"), *o) for o in FOR_LAB],
            (*BOB, "forecaster", "forecast", "forecast", t("15:00"), 1, "org:agency", "River Agency"),
            # Not bob for train-b. Not the lab for the forecast: there bob acted for the agency.
        ]),
        Asked({"thing": "base.pt"}, [  # ada made all of it
            *[(*ADA, "author", "merge", "merge", t("08:40"), *o) for o in FOR_LAB],
            *[(*ADA, "author", "base", "base", t("09:00"), *o) for o in FOR_LAB],
        ]),
        Asked({"thing": "rain.csv@1"}, []),
    ),
)  # fmt: skip

KNOWN, MISSING = "known", "missing"

REPRODUCE: Final = Sheet(
    "reproduce",
    "What is needed to make this model again, and what of it is missing?",
    "thing:thing!",
    """
    what:text  # code, command, data, environment, job, seed, setting
    name:text
    value:json
    id:id
    state:text  # known or missing
    """,
    # Of the activity that made it (of itself, if it is one), with what that had used by then:
    #   code         Code: its commit, else its digest
    #   command      attribute command
    #   data         Datasets and Models used: their digest
    #   environment  Environment: its packages
    #   job          JobSpec used: its digest
    #   seed         settings whose name ends in seed or random_state
    #   setting      all others, its sections' too; a value once
    # What there is nothing of is one row, missing; but for settings, and data of what has used none. Something without
    # that value is missing by name. In the order of what, name, value, id. Of a plan: no rows.
    (
        Asked({"thing": "a.pt"}, [
            ("code", "train.py", "2" * 40, "train.py@2", KNOWN),
            ("command", None, "python train.py --run train-a", "train-a", KNOWN),
            ("data", "data/train.npz", "blake2b:train.npz", "train.npz", KNOWN),
            ("data", "data/val.npz", "blake2b:val.npz", "val.npz", KNOWN),
            ("environment", "Python 3.11.7", ["numpy==1.26.4", "torch==2.5.0"], "env@1", KNOWN),
            ("job", "jobs/train-a.sbatch", "blake2b:train-a.sbatch", "train-a.sbatch", KNOWN),
            ("seed", "seed", 0, None, KNOWN),  # 0 is a seed
            ("setting", "layers", 2, None, KNOWN),
            ("setting", "lr", 0.01, None, KNOWN),  # of two epochs
            ("setting", "lr", 0.1, None, KNOWN),
            ("setting", "note", "", None, KNOWN),
            ("setting", "shuffle", False, None, KNOWN),
        ]),
        Asked({"thing": "base.pt"}, [
            ("code", "train.py", "1" * 40, "train.py@1", KNOWN),
            ("command", None, "python train.py --run base", "base", KNOWN),
            ("data", "data/base-train.npz", "blake2b:base-train.npz", "base-train.npz", KNOWN),
            ("environment", "Python 3.11.7", ["numpy==1.26.4", "torch==2.5.0"], "env@1", KNOWN),
            ("job", None, None, None, MISSING),
            ("seed", None, None, None, MISSING),
            ("setting", "layers", 2, None, KNOWN),
            ("setting", "lr", 0.1, None, KNOWN),
        ]),
        Asked({"thing": "pair.pt"}, [  # combine told little
            ("code", None, None, None, MISSING),
            ("command", None, None, None, MISSING),
            ("data", "models/b.pt", "blake2b:b.pt", "b.pt", KNOWN),
            ("data", "models/base.pt", "blake2b:base.pt", "base.pt", KNOWN),
            ("environment", None, None, None, MISSING),
            ("job", None, None, None, MISSING),
            ("seed", None, None, None, MISSING),
            # Not a.pt, which combine used after it had made pair.pt.
        ]),
        Asked({"thing": "idea.md"}, []),  # a plan that nobody has followed: an answer, and no error
    ),
)  # fmt: skip


def trained_on(member: str, depth: int, whole: str, run: str, role: str, data: str, *places: str) -> list[Any]:
    regions = {"Golzern": ["Mulde"], "Grimma": ["Mulde"], "Ketzin": ["Havel"]}
    return [
        (member, f"models/{member}", depth, whole, f"models/{whole}", run, run, role, data, f"data/{data}",
         f"gauge:{place.lower()}", place, regions[place])
        for place in places
    ]  # fmt: skip


ALL: Final = ("Golzern", "Grimma", "Ketzin")

ENSEMBLE: Final = Sheet(
    "ensemble",
    "Which models make up this composed model, and on which data and region was each trained?",
    "thing:thing!",
    """
    member:id
    member_name:text
    depth:integer
    whole:id
    whole_name:text
    training:id
    training_name:text
    role:text
    data:id
    data_name:text
    entity:id  # what the data, or data behind it, is about
    entity_name:text
    region:json  # names of what that lies in, sorted
    """,
    # A row a dataset that the member's training used, and an entity; a member that no training made has nulls. In the
    # order of depth, member_name, member, whole, role, data_name, data, entity_name, entity.
    (
        Asked({"thing": "ens.pt"}, [
            *trained_on("a.pt", 1, "ens.pt", "train-a", "train", "train.npz", *ALL),
            *trained_on("a.pt", 1, "ens.pt", "train-a", "validation", "val.npz", *ALL),
            ("pair.pt", "models/pair.pt", 1, "ens.pt", "models/ens.pt", *([None] * 8)),  # combine is no training
            *trained_on("b.pt", 2, "pair.pt", "train-b", "train", "train.npz", *ALL),
            *trained_on("b.pt", 2, "pair.pt", "train-b", "validation", "val.npz", *ALL),
            *trained_on("base.pt", 2, "pair.pt", "base", "train", "base-train.npz", "Grimma", "Ketzin"),
        ]),
        Asked({"thing": "a.pt"}, []),
    ),
)  # fmt: skip

SHEETS: Final = (HOW_CONNECTED, IMPACT, HOW_CREATED, WHERE_FROM, WHO, REPRODUCE, ENSEMBLE)

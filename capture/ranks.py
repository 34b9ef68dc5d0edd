"""One run on many ranks is one run: its id is agreed on from what the launcher tells every rank.

A process that a rank starts (a data loader's worker, say) finds the same words in its environment and is no rank:
the rank says there that it is one, and which process.
"""

import os
from typing import Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Event, Node, Relate


class Launcher(msgspec.Struct, frozen=True):
    """What names a job to all its ranks, and how it tells their number and each its own; the first that is set."""

    name: str
    job: str
    further: tuple[str, ...]
    size: tuple[str, ...]
    rank: tuple[str, ...]
    restart: str


#: A launcher that runs inside another's job stands before it: mpirun leaves Slurm's names to the ranks it starts.
LAUNCHERS: Final = (
    Launcher(
        "torchrun", "TORCHELASTIC_RUN_ID", ("SLURM_JOB_ID", "MASTER_ADDR", "MASTER_PORT"),
        ("WORLD_SIZE",), ("RANK",), "TORCHELASTIC_RESTART_COUNT",
    ),
    Launcher(
        "mpirun", "OMPI_MCA_ess_base_jobid", ("PMIX_NAMESPACE", "SLURM_JOB_ID"),
        ("OMPI_COMM_WORLD_SIZE",), ("OMPI_COMM_WORLD_RANK", "PMIX_RANK"), "SLURM_RESTART_COUNT",
    ),
    Launcher(
        "mpirun", "PMIX_NAMESPACE", ("SLURM_JOB_ID",),
        ("OMPI_COMM_WORLD_SIZE",), ("OMPI_COMM_WORLD_RANK", "PMIX_RANK"), "SLURM_RESTART_COUNT",
    ),
    Launcher(
        "Slurm", "SLURM_JOB_ID", ("SLURM_CLUSTER_NAME", "SLURM_STEP_ID"),
        ("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS", "SLURM_NPROCS"), ("SLURM_PROCID",), "SLURM_RESTART_COUNT",
    ),
    Launcher(
        "mpiexec", "PMI_JOBID", ("PMIX_NAMESPACE", "SLURM_JOB_ID"),
        ("PMI_SIZE",), ("PMI_RANK",), "SLURM_RESTART_COUNT",
    ),
)  # fmt: skip
#: Of a Slurm job, these names are a batch script's own, which is one process however many tasks were asked for.
_ONE_PROCESS: Final = ("batch", "extern", "interactive", "")
#: What torchrun calls a launch that nobody gave an id to.
NO_ID: Final = "none"
#: Where a rank tells the processes it starts that they are none: `<launch>:<pid>`.
TAKEN: Final = "BEGAT_RANK"

#: A scheduler's names for a job: its id, what tells two clusters apart, and which attempt this is.
SCHEDULERS: Final = (
    ("Slurm", "SLURM_JOB_ID", "SLURM_CLUSTER_NAME", "SLURM_RESTART_COUNT"),
    ("PBS", "PBS_JOBID", "PBS_SERVER", ""),
    ("LSF", "LSB_JOBID", "LSF_CLUSTER_NAME", ""),
    ("Flux", "FLUX_JOB_ID", "", ""),
)


class Launch(msgspec.Struct, frozen=True):
    """The ranks this process is one of."""

    by: str
    key: tuple[str, ...]
    rank: int
    size: int
    attempt: int


_ordinals: dict[str, int] = {}


def run_id(name: str) -> str | None:
    """The id that all ranks give to this run, None where each process has its own."""
    launch = this()
    if launch is None:
        return None
    mark = ids.short(ids.agreed("launch", *launch.key, str(launch.rank)))
    taken = os.environ.get(TAKEN, "").partition(":")
    if taken[0] == mark and taken[2] != str(os.getpid()):
        return None
    os.environ[TAKEN] = f"{mark}:{os.getpid()}"
    ordinal = _ordinals[name] = _ordinals.get(name, 0) + 1
    return ids.agreed("run", *launch.key, name, str(ordinal))


def hand_on(environment: dict[str, str]) -> None:
    """For a process that stands in this one's place: it is the rank."""
    if environment.get(TAKEN, "").endswith(f":{os.getpid()}"):
        del environment[TAKEN]


def is_first() -> bool:
    """Whether this process speaks for all ranks: rank 0, or one that is not launched as one of several."""
    return states(0)


def this() -> Launch | None:
    """The ranks this process is one of, as its environment says; None where it is alone."""
    env = os.environ
    for launcher in LAUNCHERS:
        size = _number(launcher.size)
        if not env.get(launcher.job) or size < 2:
            continue
        if launcher.name == "Slurm" and env.get("SLURM_STEP_ID", "") in _ONE_PROCESS:
            continue
        further = (*launcher.further, launcher.restart)
        key = (launcher.job, env[launcher.job], *(f"{name}={env[name]}" for name in further if name in env))
        if launcher.name == "torchrun":
            key += _launch_of_torchrun()
        return Launch(launcher.name, key, _number(launcher.rank), size, _number((launcher.restart,)))
    return None


def states(which: "int | str") -> bool:
    """Whether this rank is one that states what all ranks share. A process that is alone states it always."""
    if which == "all":
        return True
    launch = this()
    return launch is None or launch.rank == which


def _launch_of_torchrun() -> tuple[str, ...]:
    """What tells one launch from the next where torchrun's own words do not: its id and port are mostly the same.

    On one machine that is the folder it makes for each launch. On several an id that somebody has given is believed;
    without one Slurm's step, else the folder too: each machine's ranks are a run then, rather than two launches one.
    """
    env = os.environ
    if env.get("GROUP_WORLD_SIZE", "1") != "1":
        if env["TORCHELASTIC_RUN_ID"] != NO_ID:
            return ()
        if env.get("SLURM_STEP_ID", "") not in _ONE_PROCESS:
            return (f"SLURM_STEP_ID={env['SLURM_STEP_ID']}",)
    told = env.get("TORCHELASTIC_ERROR_FILE", "")  # FOLDER/attempt_0/RANK/error.json
    return (told.rsplit("/", 3)[0],) if told.count("/") >= 4 else ()


def _number(names: tuple[str, ...]) -> int:
    """The first of these that is a number, else 0."""
    for name in names:
        told = os.environ.get(name, "")
        if told.isascii() and told.isdigit():
            return int(told)
    return 0


def facts() -> Attributes:
    """What a launcher says of the run as a whole: how many ranks, and which attempt this is."""
    launch = this()
    return {} if launch is None else {"launcher": launch.by, "world_size": launch.size, "attempt": launch.attempt}


def job(run: str) -> list[Event]:
    """The scheduler's job this process runs in, and that `run` was submitted as it: all attempts share the job."""
    env = os.environ
    for scheduler, number, cluster, restart in SCHEDULERS:
        if env.get(number):
            where = env.get(cluster, "")
            made = ids.agreed("job", scheduler, where, env[number])
            known: Attributes = {"scheduler": scheduler, "job_id": env[number]}
            if where:
                known["cluster"] = where
            tries: Attributes = {"attempt": int(env[restart])} if env.get(restart, "").isdigit() else {}
            return [
                Node(0, 0, made, "Activity", ["Job"], f"{scheduler} job {env[number]}", known),
                Relate(0, 0, "submittedAs", run, made, attributes=tries),
            ]
    return []

"""One run on many ranks is one run: its id is agreed on from what the launcher tells every rank."""

import os
from typing import Final

from begat.graph_schema import ids

#: What names a job to all its ranks, and what tells that there are several. The first that applies is taken.
LAUNCHERS: Final = (
    ("TORCHELASTIC_RUN_ID", ("TORCHELASTIC_RESTART_COUNT", "SLURM_JOB_ID", "MASTER_ADDR", "MASTER_PORT"), "WORLD_SIZE"),
    ("SLURM_JOB_ID", ("SLURM_CLUSTER_NAME", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"), "SLURM_STEP_NUM_TASKS"),
    ("OMPI_MCA_ess_base_jobid", ("PMIX_NAMESPACE",), "OMPI_COMM_WORLD_SIZE"),
    ("PMI_JOBID", ("PMIX_NAMESPACE",), "PMI_SIZE"),
)
#: Of a Slurm job, these names are a batch script's own, which is one process however many tasks were asked for.
_ONE_PROCESS: Final = ("batch", "extern", "interactive", "")

#: Where launchers tell a process which of the ranks it is.
RANKS: Final = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID", "RANK")

_ordinals: dict[str, int] = {}


def run_id(name: str) -> str | None:
    """The id that all ranks give to this run, None where each process has its own."""
    key = _launch()
    if not key:
        return None
    ordinal = _ordinals[name] = _ordinals.get(name, 0) + 1
    return ids.agreed("run", *key, name, str(ordinal))


def is_first() -> bool:
    """Whether this process speaks for all ranks: rank 0, or one that is not launched as one of several."""
    if not _launch():
        return True
    return next((os.environ[name] for name in RANKS if name in os.environ), "0") == "0"


def _launch() -> tuple[str, ...]:
    env = os.environ
    for job, further, size in LAUNCHERS:
        if job in env and env.get(size, "1") not in ("", "0", "1"):
            if job == "SLURM_JOB_ID" and env.get("SLURM_STEP_ID", "") in _ONE_PROCESS:
                continue
            return (job, env[job], *(f"{name}={env[name]}" for name in further if name in env))
    return ()

"""The scheduler's books: what each job had, and how it ended. Written by who collects them, as jobs end."""

from typing import Final, NamedTuple

from begat.api.demo.study.teller import Teller
from begat.graph_schema.events import Outcome


class Job(NamedTuple):
    """A job: nodes and GPUs that it held from its start to its end; a job that is at work has no end yet."""

    number: int
    started: str
    ended: str | None
    nodes: int
    gpus: int
    state: str = "RUNNING"
    exit_code: int = 0
    outcome: Outcome = "finished"


JOBS: Final = (
    Job(101, "10:00", "11:00", 1, 2, "COMPLETED"),
    Job(102, "10:00", "10:40", 2, 4, "COMPLETED"),
    Job(103, "11:00", "11:20", 1, 2, "FAILED", 1, "failed"),
    Job(104, "11:30", "12:30", 1, 2, "TIMEOUT", 0, "killed"),
    Job(105, "13:00", "13:30", 1, 2, "COMPLETED"),
    Job(106, "16:00", None, 1, 1),
    Job(107, "17:00", None, 1, 1),
)


def accounting() -> Teller:
    """In the order of what happened."""
    say = Teller("accounting")
    happened = [(j.started, 0, j) for j in JOBS] + [(j.ended, 1, j) for j in JOBS if j.ended is not None]
    for clock, over, job in sorted(happened, key=lambda h: (h[0], h[1], h[2].number)):
        node, name = f"job:{job.number}", f"Slurm job {job.number}"
        say.at(clock)
        if over:
            say.node(node, "Activity", "Job", name, state=job.state, exit_code=job.exit_code)
            say.end(node, job.outcome)
        else:
            say.start(node, name, "Job", attributes={"nodes": job.nodes, "gpus": job.gpus, "partition": "gpu"})
    return say

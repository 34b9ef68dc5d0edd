"""MLflow as its tracking quickstart has it: `start_run`, `log_metric`, its default store, an SQLite file.

A task is a nested run, which is what MLflow has for a part of one.
"""

import sqlite3
from contextlib import closing
from importlib import import_module
from typing import Any

from benchmarks.peer_scripts.loop import Peer, main


class MLflow(Peer):
    def begin(self) -> None:
        self.mlflow: Any = import_module("mlflow")
        self.mlflow.start_run()

    def metric(self, i: int) -> None:
        self.mlflow.log_metric("loss", 0.5, step=i)

    def task(self) -> None:
        with self.mlflow.start_run(nested=True):
            pass

    def kept(self) -> dict[str, int]:
        with closing(sqlite3.connect("mlflow.db")) as db:
            (metrics,) = db.execute("SELECT count(*) FROM metrics").fetchone()
            (tasks,) = db.execute("SELECT count(*) FROM runs WHERE status = 'FINISHED'").fetchone()
        return {"metric": metrics, "task": tasks}


if __name__ == "__main__":
    main(MLflow())

"""MLflow as its tracking quickstart has it: `start_run`, `log_metric`, its default store, an SQLite file.

A task is a nested run, which is what MLflow has for a part of one.
"""

import sqlite3
from contextlib import closing
from importlib import import_module
from typing import Any

from benchmarks.peer_scripts.loop import Call, Peer, main


class MLflow(Peer):
    def begin(self) -> dict[str, Call]:
        mlflow: Any = import_module("mlflow")
        mlflow.start_run()

        def task(_: int) -> None:
            with mlflow.start_run(nested=True):
                pass

        return {"metric": lambda i: mlflow.log_metric("loss", 0.5, step=i), "task": task}

    def kept(self) -> dict[str, int]:
        with closing(sqlite3.connect("mlflow.db")) as db:
            (metrics,) = db.execute("SELECT count(*) FROM metrics").fetchone()
            (tasks,) = db.execute("SELECT count(*) FROM runs WHERE status = 'FINISHED'").fetchone()
        return {"metric": metrics, "task": tasks}


if __name__ == "__main__":
    main(MLflow())

"""yProv4ML as its documentation has it: `start_run`, `log_metric`; written after each 100 (its default).

Its estimate of emissions is off: that asks the network where it is. It has no tasks.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Call, Peer, main


class YProv4ML(Peer):
    def begin(self) -> dict[str, Call]:
        yprov: Any = import_module("yprov4ml")
        yprov.start_run(
            prov_user_namespace="www.example.org",
            experiment_name="digits",
            provenance_save_dir="prov",
            disable_codecarbon=True,
        )
        training = yprov.Context.TRAINING
        return {"metric": lambda i: yprov.log_metric("loss", 0.5, context=training, step=i)}

    def kept(self) -> dict[str, int]:
        lines = sum(f.read_text().count(",0.5,") for f in Path("prov").rglob("loss*.csv"))
        return {"metric": lines, "task": 0}


if __name__ == "__main__":
    main(YProv4ML())

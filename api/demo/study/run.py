"""begat demo --study: the study's journal in a folder, taken in, and what to ask of it."""

import contextlib
from pathlib import Path
from typing import Final

from begat.api.demo.study.study import write
from begat.api.fresh import tell
from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

ASK: Final = (
    "begat ask how_created models/a.pt",
    "begat ask impact rain.csv@1",
    "begat ask loss_curve train-a",
)


def run(dir: Path, settings: Settings) -> int:
    """Write the study below `dir` and take it in; returns the exit code. A second time changes nothing.

    Relative paths in the settings are seen from `dir`. Raises UsageError for a folder that cannot be made.
    """
    try:
        dir.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise UsageError(f"the study cannot be put in {dir} ({e.strerror}): give another folder with --dir") from e
    with contextlib.chdir(dir):
        write(settings.spool)
        store = open_store(settings.store)
        try:
            report = ingest(store, settings.spool)
        finally:
            store.close()
    tell(report)
    print(f"{report.events} events of the study taken into {settings.store_shown}, in {dir}. Now ask, for instance")
    print("\n".join(f"  {line}" for line in (f"cd {dir}", *ASK)))
    return 0

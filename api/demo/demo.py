"""Running the demo: the script in its folder with capture on, its journal taken in, then the questions."""

import contextlib
import os
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from begat.api.demo.telling import told
from begat.api.fresh import tell
from begat.api.settings import Settings, load
from begat.graph_schema.errors import MissingExtra, UsageError
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest

SCRIPT: Final = "digits.py"
NEEDED: Final = ("sklearn", "joblib", "numpy")
#: What a shell may have set that would keep the script from being recorded as a run of its own in this spool.
UNSET: Final = ("BEGAT_DISABLED", "BEGAT_SINK", "BEGAT_PARENT")


def show() -> str:
    """The text of the demo's script."""
    return files("begat.api.demo").joinpath(SCRIPT).read_text(encoding="utf-8")


def run(dir: Path, settings: Settings | None = None) -> int:
    """Train in `dir` and tell what the graph then knows; returns the exit code.

    Relative paths in the settings are seen from `dir`. Earlier runs there are kept: each has a seed of its own, and a
    script that was changed there is run as it is. Raises MissingExtra without scikit-learn, UsageError
    for a folder that cannot be made.
    """
    if not all(find_spec(name) for name in NEEDED):
        raise MissingExtra("the demo", "demo")
    try:
        dir.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise UsageError(f"the demo cannot work in {dir} ({e.strerror}): give another folder with --dir") from e
    with contextlib.chdir(dir):
        settings = settings or load({})
        store = open_store(settings.store)
        try:
            return _run(store, settings, dir)
        finally:
            store.close()


def _run(store: Store, settings: Settings, dir: Path) -> int:
    tell(ingest(store, settings.spool))
    seed = store.stats().by_type.get("Validation", 0)
    _put_script()
    print(f"in {dir}: python {SCRIPT} --seed {seed}, with its hooks on", flush=True)
    code = _train(seed, settings)
    if code:
        print(f"begat: {dir / SCRIPT} failed with exit code {code}: nothing to ask", file=sys.stderr)
        return 1
    report = ingest(store, settings.spool)
    tell(report)
    print(f"{report.events} events in the journal, taken into {settings.store_shown}\n")
    print(told(store, settings, dir), end="")
    return 0


def _put_script() -> None:
    here, shipped = Path(SCRIPT), show()
    if not here.exists():
        here.write_text(shipped, encoding="utf-8")
    elif here.read_text(encoding="utf-8") != shipped:
        print(f"begat: running {SCRIPT} as it is there; delete it to have begat's own back", file=sys.stderr)


def _train(seed: int, settings: Settings) -> int:
    given = {k: v for k, v in os.environ.items() if k not in UNSET}
    given |= {"BEGAT_SPOOL": str(settings.spool.absolute()), "BEGAT_PROJECT": settings.project}
    return subprocess.run([sys.executable, SCRIPT, "--seed", str(seed)], env=given, check=False).returncode

"""How long a script waits for begat: `import begat`, and until the first hook has returned, over bare Python."""

import compileall
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import begat
from benchmarks.budget import at_most, plain
from benchmarks.scratch import scratch

ROUNDS = 25
#: Each ends the interpreter there and then, so that only what comes before counts.
END = "; import os; os._exit(0)"
SCRIPTS = {
    "bare": "pass" + END,
    "msgspec": "import msgspec" + END,
    "import": "import begat" + END,
    "hook": "import begat; begat.run('train').start().metric('loss', 0.5, step=0)" + END,
}


def imports() -> dict[str, Any]:
    """Import time and first hook ready, on compiled files."""
    package = Path(begat.__file__).parent
    for folder in (package, *(f for f in package.iterdir() if f.is_dir())):  # it would not follow links
        compileall.compile_dir(folder, quiet=1)
    least = dict.fromkeys(SCRIPTS, float("inf"))
    with scratch() as folder:
        for _ in range(ROUNDS):
            for name, script in SCRIPTS.items():
                began = time.perf_counter()
                subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
                least[name] = min(least[name], (time.perf_counter() - began) * 1000)
    bare = least["bare"]
    return {
        "import begat": at_most(least["import"] - bare, 20, "ms over bare Python"),
        "first hook ready": at_most(least["hook"] - bare, 40, "ms over bare Python"),
        "import msgspec": plain(least["msgspec"] - bare, "ms over bare Python"),
        "bare Python": plain(bare, "ms"),
    }

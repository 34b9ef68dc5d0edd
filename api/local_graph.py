"""Where the embedded graph is kept by default: beside the spool, but never on a network disk.

Over a network SQLite's write-ahead log does not work, so there the graph is in the user's own folder on this machine,
one for each spool. The spool stays where it is; what was made of it once can be made of it again.
"""

import os
from pathlib import Path

from begat.capture import state, uri
from begat.graph_schema.ids import blake2b


def moved(default: Path, spool: Path) -> Path | None:
    """Where the graph is instead of in the default file; None if it may be there, is there, or can be nowhere else."""
    if default.exists() or state.on_network(str(default)) is None:
        return None
    folder = state.folder()
    if folder is None:
        return None
    # The same spool has the same name, by whichever path it is reached.
    name = blake2b(uri.canonical(os.path.realpath(spool)).encode(), digest_size=16).hexdigest()
    return Path(folder, "graphs", name, "graph.db")

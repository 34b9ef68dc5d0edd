"""The code that runs: the script, and the commit of the repository it lies in.

In a repository a version of the code is the script's content with the commit and, where files differ from it, a digest
of the differences: two runs of the same version used the same code, on whichever machine. Elsewhere it is the script's
file version.
"""

import os
import select
import subprocess
import time
from typing import Any, Final, NamedTuple

from begat.capture import digest, secrets, uri, values
from begat.capture.script import Script
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Event, Node, Relate
from begat.graph_schema.ids import blake2b

#: How long git may take for one answer, in seconds.
PATIENCE: Final = 20.0
#: How much of the differences from the commit is kept, in characters; their digest is of all.
MOST: Final = 256 * 1024
#: How many of the files that git does not know are named.
MOST_FILES: Final = 200
#: Differences in one form, whatever the user has set for reading them: they are compared, and applied again.
DIFF: Final = (
    "diff", "HEAD", "--binary", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/",
    "--dst-prefix=b/", "--find-renames", "--unified=3", "--inter-hunk-context=0", "--diff-algorithm=default",
    "--indent-heuristic", "--submodule=short",
)  # fmt: skip


def code(script: Script) -> list[Event]:
    """The version of the code that runs, first; where files differ from the commit, what differs, as a part of it.

    Asks git, so it is never called in a hook.
    """
    facts: dict[str, Any] = {"script": script.name}
    if script.path is not None:
        facts["path"] = values.clean(script.path)
        facts["uri"] = uri.canonical(script.path)
    if script.digest is not None:
        facts["digest"] = script.digest
    if script.path is not None and script.digest is not None:
        version = ids.file_version(facts["uri"], script.digest)  # a script that a run generated is what runs here
    elif script.digest is not None:
        version = ids.agreed("code", script.name, script.digest)
    else:
        version = ids.mint()  # what was typed somewhere is not what was typed elsewhere
    top = _git(os.path.dirname(script.path) if script.path else os.getcwd(), "rev-parse", "--show-toplevel")
    commit = top and _git(top, "rev-parse", "HEAD")
    if top and commit:
        facts["repository"] = _address(_git(top, "config", "--get", "remote.origin.url")) or uri.canonical(top)
        facts["commit"] = commit
        difference = _said(top, *DIFF)
        untracked = _git(top, "ls-files", "--others", "--exclude-standard", "--", "*.py")
        if difference is None or untracked is None:  # then it is not known which code this is
            facts["problem"] = f"git did not tell within {PATIENCE:g} s what differs from the commit"
            return [Node(0, 0, ids.mint(), "Entity", ["Code"], script.name, facts)]
        facts["dirty"] = bool(difference.size or untracked)
        inside = values.clean(os.path.relpath(script.path, top)) if script.path else script.name
        differing = _hash(difference.digest, _with_content(top, untracked))
        if script.digest is not None:
            version = ids.agreed("code", facts["repository"], commit, inside, script.digest, differing)
        if differing:
            member = _differences(facts["repository"], commit, difference, untracked, differing)
            told = Node(0, 0, version, "Entity", ["Code"], script.name, facts)
            return [told, member, Relate(0, 0, "partOf", member.id, version, "changes")]
    return [Node(0, 0, version, "Entity", ["Code"], script.name, facts)]


def _differences(repository: str, commit: str, difference: "_Said", untracked: str, differing: str) -> Node:
    """What differs from a commit, as git tells it, with secrets masked: to see what ran, and to apply it again."""
    shown = secrets.text(values.clean(difference.text[:MOST]))
    facts: Attributes = {"commit": commit, "digest": f"blake2b:{differing}", "size": difference.size}
    if shown:
        facts["content"] = shown
    if len(difference.text) > MOST:
        facts["cut"] = True
    if untracked:
        facts["untracked"] = values.clean("\n".join(untracked.splitlines()[:MOST_FILES]))
    version = ids.agreed("differences", repository, commit, differing)
    return Node(0, 0, version, "Entity", ["Code"], "uncommitted changes", facts)


def _with_content(top: str, names: str) -> str:
    """The files that git does not know, each with its digest: one that is edited is other code."""
    return "\n".join(f"{name} {_content(os.path.join(top, name))}" for name in names.splitlines())


def _content(path: str) -> str | None:
    try:
        return digest.of_file(path)
    except OSError:  # gone, or a name that git has quoted
        return None


class _Said(NamedTuple):
    """What git has said at length: its beginning, the bytes of all of it, and the digest of all of it."""

    text: str
    size: int
    digest: str


def _said(folder: str, *command: str) -> _Said | None:
    """As `_git`, for an answer of any length: a large file may differ, and it is never held."""
    try:
        git = subprocess.Popen(_words(folder, command), **_quietly())
    except OSError:
        return None
    state, kept, size, until = blake2b(digest_size=16), b"", 0, time.monotonic() + PATIENCE
    with git:
        assert git.stdout is not None
        ready = select.poll()
        ready.register(git.stdout, select.POLLIN)
        while ready.poll(max(0.0, until - time.monotonic()) * 1000):
            piece = os.read(git.stdout.fileno(), 1 << 16)
            if not piece:
                break
            state.update(piece)
            size += len(piece)
            if len(kept) <= 4 * MOST:  # enough for so many characters
                kept += piece
        else:
            git.kill()
    text = kept.decode("utf-8", "backslashreplace").strip()
    return _Said(text, size, state.hexdigest() if size else "") if git.returncode == 0 else None


def _git(folder: str, *command: str) -> str | None:
    """What git says, None where there is no git, no repository or no answer. Never asks, never writes."""
    try:
        done = subprocess.run(_words(folder, command), **_quietly(), timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "backslashreplace").strip() if done.returncode == 0 else None


def _words(folder: str, command: tuple[str, ...]) -> list[str]:
    return ["git", "-C", folder, *command]


def _quietly() -> dict[str, Any]:
    """git asks nobody, locks nothing and writes nothing but its answer."""
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    return {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "env": env}


def _hash(*texts: str) -> str:
    joined = "\0".join(texts)
    return blake2b(joined.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest() if joined.strip("\0") else ""


def _address(remote: str | None) -> str | None:
    """A repository's address without the name and password some people keep in it."""
    if remote and "://" in remote:
        scheme, _, rest = remote.partition("://")
        server, slash, path = rest.partition("/")
        return f"{scheme}://{server.rpartition('@')[2]}{slash}{path}"
    return remote

"""The settings of capture: environment variables only, read once, when the first hook needs them."""

import os
from typing import Final

import msgspec

#: What a switch may say to mean "no".
OFF: Final = ("", "0", "false", "no", "off")
#: What a hook may do with a large file: read it at once, leave it to a thread, read pieces of it.
DIGEST: Final = ("now", "later", "sampled")


class Settings(msgspec.Struct, frozen=True):
    """`spool` is absolute, so that a script that changes its folder keeps writing to one place.

    `sink` is the address of a sink of another package, None where there is none.
    """

    enabled: bool
    spool: str
    project: str
    parent: str | None
    digest: str = "later"
    complaint: str | None = None
    sink: str | None = None


def read() -> Settings:
    """The settings as the environment has them now."""
    env = os.environ
    sink = env.get("BEGAT_SINK", "")
    scheme, _, rest = sink.partition(":")
    spool = env.get("BEGAT_SPOOL") or os.path.join(".begat", "spool")
    complaint = None
    if scheme == "file" and rest.strip("/"):
        spool = rest.removeprefix("//")
    digest = env.get("BEGAT_DIGEST", "").lower() or "later"
    if digest not in DIGEST:
        complaint = f"BEGAT_DIGEST={digest!r} is none of {', '.join(DIGEST)}; large files are read later, by a thread"
        digest = "later"
    return Settings(
        enabled=enabled(),
        spool=os.path.abspath(spool),
        project=env.get("BEGAT_PROJECT") or "default",
        parent=env.get("BEGAT_PARENT") or None,
        digest=digest,
        complaint=complaint,
        sink=None if scheme in ("", "file", "noop") else sink,
    )


def enabled() -> bool:
    """Whether anything is to be recorded."""
    env = os.environ
    return env.get("BEGAT_DISABLED", "").lower() in OFF and not env.get("BEGAT_SINK", "").startswith("noop:")

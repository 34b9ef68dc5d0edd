"""Carries out the instructions of a Dockerfile where no container engine is: in a root folder of its own, which has
this machine's /usr, its Python, and nothing else of it.

    unshare --mount [--user --map-root-user] python tests/docker/room.py FOLDER < plan.json

`plan` has the stages (dockerfile.Stage), the folder of the build's context, environment for the build (certificates, a
proxy), and `runs`: how the image is started. What came of each is told on standard output, as JSON; the building's
words go to standard error. It stands alone, on the standard library.
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

CLONE_NEWNET: Final = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: Seconds that a service may take to be healthy.
START: Final = 120


def mount(*words: str | Path) -> None:
    subprocess.run(["mount", *map(str, words)], check=True)


def bind(source: str | Path, target: Path, *, writable: bool = False) -> None:
    if Path(source).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    mount("--bind", source, target)
    if not writable:
        mount("-o", "remount,bind,ro", target)


def new_root(root: Path) -> None:
    """An empty system: the machine's programs, a copy of its /etc, its Python."""
    root.mkdir(parents=True)
    root.chmod(0o755)
    for name in ("bin", "sbin", "lib", "lib64"):
        if os.path.islink(f"/{name}"):
            (root / name).symlink_to(os.readlink(f"/{name}"))
        elif os.path.isdir(f"/{name}"):
            bind(f"/{name}", root / name)
    bind("/usr", root / "usr")
    if not sys.base_prefix.startswith("/usr"):
        bind(sys.base_prefix, root / sys.base_prefix.strip("/"))
    # What an unprivileged user cannot read of it, nobody here has to know.
    subprocess.run(["cp", "-a", "--no-preserve=ownership", "/etc", root], stderr=subprocess.DEVNULL, check=False)
    for name in ("proc", "dev"):
        (root / name).mkdir()
        mount("--rbind", f"/{name}", root / name)
    for name in ("tmp", "opt", "run", "var/tmp"):
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)


def entered(root: Path, command: list[str], *, env: dict[str, str], folder: str, user: str) -> list[str]:
    """A command in that root, in a clean environment; for another user than root without any capability."""
    rights = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    uid, _, gid = user.partition(":")
    if user == "0:0":
        rights = []
    elif others():
        rights = ["--reuid", uid, "--regid", gid, "--clear-groups", *rights]
    become = ["setpriv", *rights] if rights else []
    within = ["sh", "-c", 'cd "$0" && exec "$@"', folder, *command]
    return ["env", "-i", f"PATH={PATH}", "chroot", str(root), *become,
            "env", "-i", *(f"{k}={v}" for k, v in env.items()), *within]  # fmt: skip


def others() -> bool:
    """Whether there are other users here: not in a name space that an unprivileged user made."""
    return "4294967295" in Path("/proc/self/uid_map").read_text()


def build(plan: dict[str, Any], folder: Path) -> Path:
    """Carry out all stages; returns the root of the last."""
    roots: dict[str, Path] = {}
    root = folder
    for n, stage in enumerate(plan["stages"]):
        root = folder / f"root-{n}"
        new_root(root)
        if stage["name"]:
            roots[stage["name"]] = root
        for step in stage["steps"]:
            print(f"room: {step['do']} {step['words'][:100]}", file=sys.stderr, flush=True)
            if step["do"] == "COPY":
                copy(step, root, roots, Path(plan["context"]))
                continue
            env = {"PATH": f"{sys.base_prefix}/bin:{PATH}", "HOME": "/root", **plan["env"], **step["env"]}
            within(root, step["folder"]).mkdir(parents=True, exist_ok=True)
            command = entered(root, [*step["shell"], step["words"]], env=env, folder=step["folder"], user=step["user"])
            subprocess.run(command, check=True, stdout=sys.stderr)
    return root


def within(root: Path, path: str, folder: str = "/") -> Path:
    return root / os.path.normpath(os.path.join(folder, path)).strip("/")


def copy(step: dict[str, Any], root: Path, roots: dict[str, Path], context: Path) -> None:
    words = step["words"].split()
    source = roots[words.pop(0).removeprefix("--from=")] if words[0].startswith("--from=") else context
    *names, target = words
    to = within(root, target, step["folder"])
    if len(names) > 1 or target.endswith("/"):
        to.mkdir(parents=True, exist_ok=True)
    for name in names:
        found = source / name.strip("/")
        if found.is_dir():
            shutil.copytree(found, to, symlinks=True, dirs_exist_ok=True)
        else:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, to / found.name if to.is_dir() else to)


def alone() -> None:
    """From here on this process has a network of its own, with nothing but its own address: no port is taken."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket() as s:
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def run(stage: dict[str, Any], root: Path, how: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Start the image as `how` says, ask it, end it; what came of all that."""
    volume = folder / f"volume-{how['name']}"
    image = root / "data"
    volume.mkdir()
    seen = image.stat()
    volume.chmod(seen.st_mode & 0o7777)
    bind(volume, image, writable=True)
    mount("-t", "tmpfs", "-o", "mode=1777,noexec,nosuid,nodev", "none", root / "tmp")
    user = how.get("user", stage["user"])

    def command(*words: str) -> list[str]:
        return entered(root, list(words), env={**stage["env"], **how.get("env", {})}, folder=stage["folder"], user=user)

    def tried(*words: str) -> tuple[int, str]:
        done = subprocess.run(command(*words), capture_output=True, text=True, timeout=60)
        return done.returncode, (done.stdout + done.stderr).strip()

    told: dict[str, Any] = {"other users": others()}
    told["who"] = tried("id", "-u")
    told["capabilities"] = tried("grep", "CapEff", "/proc/self/status")
    told["writes its programs"] = [tried("touch", p)[0] for p in ("/opt/begat/x", "/etc/x", "/x", "/usr/x")]
    told["writes its data"] = tried("touch", "/data/x")[0]
    told["without a token"] = tried(*stage["entrypoint"], *stage["command"])
    code, token = tried(*stage["entrypoint"], "token", "create", "ada", "--all-projects")
    told["token"] = code
    for name, target in how.get("secrets", {}).items():
        # Of a root that is read-only nothing can be made: what is hung in there was made before.
        bind(volume / name, root / target.strip("/"))
    service = subprocess.Popen(
        command(*stage["entrypoint"], *how.get("command", stage["command"])), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    end = time.monotonic() + START
    while (healthy := tried(*stage["health"]))[0] and time.monotonic() < end and service.poll() is None:
        time.sleep(0.2)
    told["healthy"] = healthy
    ask = (
        "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 8000); "
        "c.request('GET', '/api/v1/find/Model', headers={'Authorization': sys.argv[1]}); print(c.getresponse().status)"
    )
    told["asked"] = [tried("python", "-c", ask, f"Bearer {t}")[1] for t in ("none", token.splitlines()[0])]
    # `chroot`, `setpriv`, `env` and `sh` have all become it.
    service.send_signal(signal.SIGTERM)
    try:
        said = service.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        service.kill()
        said = service.communicate()[0]
    told["ended"], told["said"] = service.returncode, said[-3000:]
    told["healthy after its end"] = tried(*stage["health"])
    for target in how.get("secrets", {}).values():
        subprocess.run(["umount", root / target.strip("/")], check=True)
    for each in (root / "tmp", image):
        subprocess.run(["umount", each], check=True)
    return told


def main() -> None:
    plan = json.load(sys.stdin)
    folder = Path(sys.argv[1])
    root = build(plan, folder)
    for target in (t for how in plan["runs"] for t in how.get("secrets", {}).values()):
        file = root / target.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    # Read-only from here on, as `read_only: true` has it.
    mount("--rbind", root, root)
    mount("-o", "remount,bind,ro", root)
    alone()
    print(json.dumps({how["name"]: run(plan["stages"][-1], root, how, folder) for how in plan["runs"]}))


if __name__ == "__main__":
    main()

"""begat spool: what the spool holds and whether it is sound; send it to a server, compress it, clear it."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.api import sending
from begat.api.progress import bar
from begat.api.settings import MOVED, Settings
from begat.api.table import aligned
from begat.graph_schema.errors import FormatError, ServerError, StoreError, UsageError
from begat.graph_schema.store import Store, open_store
from begat.ingest import pack, prune, spool
from begat.ingest.batches import Batches
from begat.ingest.liveness import alive
from begat.ingest.segment import Place, first_line, header, opened

#: How many statements are held while the spool is read through.
AT_ONCE: Final = 20_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        f"{parser.epilog}\n  begat spool doctor\n  begat spool send --to https://lab.example.org\n  begat spool pack\n"
        "  begat spool prune --keep 30\n  begat spool prune --keep 30 --yes"
    )
    parser.add_argument(
        "what", choices=DO, metavar="status|doctor|send|pack|prune",
        help="status: what is there, and what of it is pending, not sent, damaged or dropped. doctor: read all of it, "
        "and tell what is wrong. send: to a server, what it has not. pack: compress sealed segments. prune: remove "
        "what the store has committed, and of a spool that is sent what the server has",
    )  # fmt: skip
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.add_argument(
        "--to", metavar="URL",
        help="with send, status and prune: the server, https://HOST; else BEGAT_SINK. Its token is in BEGAT_TOKEN",
    )  # fmt: skip
    parser.add_argument(
        "--again", action="store_true", help="with send: everything, also what the server has said to have"
    )
    parser.add_argument("--keep", type=days, default=0.0, metavar="DAYS", help="with prune: keep what is younger (0)")
    parser.add_argument("--yes", action="store_true", help="with prune: do it; without, it only tells what it would do")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit 1 when something is wrong with the spool, 4 when the store or server is needed and cannot be used."""
    return DO[arguments.what](arguments, settings)


def days(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 100000 days")
    return number


def status(arguments: argparse.Namespace, settings: Settings) -> int:
    places = spool.find(settings.spool)
    store = _store(settings)
    try:
        lag = spool.lag(settings.spool, store.bookmarks() if store else {})
        stats = store.stats() if store else None
    finally:
        if store:
            store.close()
    unsent = [sending.unsent(settings.spool, s, places) for s in sending.known_servers(settings.spool, arguments.to)]
    damaged = [{"segment": str(path), "problem": reason} for path, reason in spool.unreadable(settings.spool)]
    told: dict[str, Any] = {
        "spool": str(settings.spool),
        "segments": len(places),
        "open": sum(not p.sealed for p in places),
        "alive": sum(not p.sealed and _alive(p) for p in places),
        "sealed": sum(p.sealed and not p.packed for p in places),
        "packed": sum(p.packed for p in places),
        "bytes": sum(p.size for p in places),
        "bytes_on_disk": sum(_on_disk(p) for p in places),
        "pending_events": lag.events,
        "pending_bytes": lag.bytes,
        "lag_seconds": round(lag.seconds(time.time()), 3),
        "quarantined": stats.quarantined if stats else 0,
        "dropped": stats.dropped if stats else 0,
        "half_packed": len(pack.parts(settings.spool)),
    }
    if arguments.format == "json":
        rows_ = [
            {"server": u.server, "events": u.lag.events, "bytes": u.lag.bytes, "quarantined": u.quarantined}
            for u in unsent
        ]
        _json({**told, "unsent": rows_, "damaged": damaged})
    else:
        rows = [(name.replace("_", " "), v if isinstance(v, str) else f"{v:,}") for name, v in told.items()]
        rows += ((f"events not sent to {u.server}", f"{u.lag.events:,}") for u in unsent)
        rows.append(("damaged", f"{len(damaged):,}"))
        print(aligned(("what", "count"), rows, (False, True)), end="")
        for d in damaged:
            print(f"begat: {d['segment']}: {d['problem']}", file=sys.stderr)
    return 1 if damaged else 0


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """With the same eyes as ingest, into no store."""
    batches = Batches({}, lambda writer: [], AT_ONCE)
    found: list[tuple[str, str]] = []
    dropped: dict[str, int] = {}
    for batch in batches.read(spool.find(settings.spool)):
        found += ((f"{q.source} at byte {q.offset}", q.reason) for q in batch.quarantined)
        for w in batch.writers:
            dropped[w.header.writer] = max(w.dropped, dropped.get(w.header.writer, 0))
    found += ((settings.spool.name, finding) for finding in batches.report.findings)
    found += ((str(part), "left half written by a pack that was killed") for part in pack.parts(settings.spool))
    lost = [(w, f"{n:,} dropped: {spool.DROPPED}") for w, n in dropped.items() if n]
    report = batches.report
    if arguments.format == "json":
        rows = [{"where": where, "problem": problem} for where, problem in [*found, *lost]]
        _json({"spool": str(settings.spool), "segments": report.files, "events": report.events, "problems": rows})
    else:
        _table(("where", "problem"), [*found, *lost])
        wrong = f"{len(found) + len(lost):,} problems" if found or lost else "nothing is wrong"
        print(f"{report.events:,} events in {report.files:,} segments: {wrong}", file=sys.stderr)
    return 1 if found or lost else 0


def packing(arguments: argparse.Namespace, settings: Settings) -> int:
    done = list(pack.pack(settings.spool))
    bad = [d for d in done if d.problem]
    before, after = (sum(getattr(d, field) for d in done if not d.problem) for field in ("before", "after"))
    if arguments.format == "json":
        rows = [{"segment": str(d.path), "before": d.before, "after": d.after, "problem": d.problem} for d in done]
        count = len(done) - len(bad)
        _json({"spool": str(settings.spool), "packed": count, "before": before, "after": after, "rows": rows})
    else:
        rows_ = [(str(d.path), f"{d.before:,}", f"{d.after:,}", d.problem) for d in done]
        _table(("segment", "before", "after", "problem"), rows_, (False, True, True))
        print(f"{len(done) - len(bad):,} segments packed, {before:,} bytes are {after:,} now", file=sys.stderr)
    return 1 if bad else 0


def pruning(arguments: argparse.Namespace, settings: Settings) -> int:
    to = sending.known_servers(settings.spool, arguments.to)
    moved = settings.origin["store"] == MOVED
    if moved and not to:
        raise UsageError(
            f"the graph {settings.store_shown} is this machine's own, made of a spool on a network disk that others "
            "make theirs of: nothing is removed. Name the store that keeps what is in it, with --store or BEGAT_STORE"
        )
    store = None if moved else _store(settings)
    if store is None and not to:
        raise StoreError(f"no store at {settings.store_shown}: nothing is committed, so nothing can be removed")
    try:
        told = list(_verdicts(store, settings.spool, arguments.keep, to))
    finally:
        if store:
            store.close()
    if arguments.yes:
        for verdict in told:
            if not verdict.kept:
                prune.remove(verdict)
                sending.forget(settings.spool, verdict.place)
    size = sum(v.place.size for v in told if not v.kept)
    did = "removed" if arguments.yes else "would be removed"
    if arguments.format == "json":
        rows = [{"segment": str(v.place.path), "bytes": v.place.size, "kept": v.kept or None} for v in told]
        count = sum(not v.kept for v in told)
        _json({"spool": str(settings.spool), "done": arguments.yes, "removed": count, "bytes": size, "rows": rows})
    else:
        rows_ = [(str(v.place.path), f"{v.place.size:,}", f"kept: {v.kept}" if v.kept else did) for v in told]
        _table(("segment", "bytes", "what"), rows_, (False, True))
        print(f"{sum(not v.kept for v in told):,} of {len(told):,} sealed segments {did}", file=sys.stderr)
        if not arguments.yes:
            print("begat: nothing was changed: --yes removes them; begat rebuild needs a copy then", file=sys.stderr)
    return 0


def _verdicts(store: Store | None, folder: Path, days: float, to: Sequence[str]) -> Iterator[prune.Verdict]:
    """What may go: a spool that is sent may be where the only other copy is a server's, so that has to have it too."""
    for verdict in prune.verdicts(store, folder, days):
        reasons = (sending.why_kept(folder, server, verdict.place) for server in to)
        yield verdict if verdict.kept else verdict._replace(kept=next(filter(None, reasons), ""))


def send(arguments: argparse.Namespace, settings: Settings) -> int:
    """What was sent is told, also where the server went away in the middle of it."""
    url = sending.checked(sending.server_url(arguments.to))
    with bar("send") as progress:
        sender = sending.Sender(settings.spool, url, again=arguments.again, progress=progress)
        try:
            sender.send()
            away = None
        except ServerError as e:
            away = e
    done = sender.done
    if arguments.format == "json":
        rows = [{"segment": s, "problem": p} for s, p in [*done.damaged, *done.refused]]
        _json({"server": done.server, "segments": done.segments, "bytes": done.bytes, "quarantined": done.quarantined,
               "rows": rows, "problem": away and str(away)})  # fmt: skip
    else:
        _table(("segment", "problem"), [*done.damaged, *done.refused])
        print(f"{done.bytes:,} bytes of {done.segments:,} segments sent to {done.server}", file=sys.stderr)
        if done.quarantined:
            print(f"begat: {done.quarantined:,} lines could not be read there, and were kept aside", file=sys.stderr)
    if away is not None:
        raise away
    return 4 if done.refused else 1 if done.quarantined or done.damaged else 0


DO: Final[dict[str, Callable[[argparse.Namespace, Settings], int]]] = {
    "status": status,
    "doctor": doctor,
    "send": send,
    "pack": packing,
    "prune": pruning,
}


def _store(settings: Settings) -> Store | None:
    """The store, None where there is none yet. Raises StoreError."""
    file = settings.store_file
    return None if file is not None and not file.exists() else open_store(settings.store, create=False)


def _alive(place: Place) -> bool:
    try:
        with opened(place) as file:
            return alive(header(first_line(file) or b"")) is True
    except (OSError, FormatError):  # told as damaged, or gone
        return False


def _on_disk(place: Place) -> int:
    try:
        return place.path.stat().st_size
    except FileNotFoundError:  # sealed, packed or removed since
        return 0


def _json(told: dict[str, Any]) -> None:
    print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = ()) -> None:
    """A column that is empty throughout is left out."""
    if rows:
        kept = [i for i in range(len(head)) if any(row[i] for row in rows)]
        align = [*right, *([False] * (len(head) - len(right)))]
        cells = [[row[i] for i in kept] for row in rows]
        print(aligned([head[i] for i in kept], cells, [align[i] for i in kept]), end="")

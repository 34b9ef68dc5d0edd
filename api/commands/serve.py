"""begat serve: answer over HTTP, and take in what the hooks write."""

import argparse
import socket
import sys
from pathlib import Path
from typing import Final

from begat.api.base_iri import VARIABLE, base_iri
from begat.api.metrics.server import loopback
from begat.api.settings import Settings
from begat.graph_schema.errors import MissingExtra, UsageError

PORT: Final = 8000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  begat serve --host 0.0.0.0   # for others: takes tokens, see begat token"
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default 127.0.0.1)")
    parser.add_argument("--port", type=port, default=PORT, metavar="N", help=f"default {PORT}; 0: any free one")
    parser.add_argument(
        "--base-iri", metavar="IRI", help=f"the address that others know it by, for linked data (default ${VARIABLE})"
    )
    who = parser.add_argument_group("who may ask")
    who.add_argument("--tokens", type=Path, metavar="FILE", help="where tokens are kept (default ./.begat/tokens.db)")
    how = who.add_mutually_exclusive_group()
    how.add_argument("--require-token", action="store_true", help="take tokens on this machine's own addresses, too")
    how.add_argument(
        "--insecure", action="store_true",
        help="take none anywhere: whoever reaches the address reads and writes everything",
    )  # fmt: skip
    secret = parser.add_argument_group("encrypted")
    secret.add_argument(
        "--certificate", type=Path, metavar="FILE", help="speak TLS with it: PEM, with those that vouch for it"
    )
    secret.add_argument("--key", type=Path, metavar="FILE", help="its key, PEM; not needed when the first file has it")
    limits = parser.add_argument_group("how much")
    limits.add_argument("--threads", type=positive, default=8, metavar="N", help="questions asked at once (8)")
    limits.add_argument("--time-limit", type=seconds, default=60.0, metavar="S", help="seconds a question has (60)")
    limits.add_argument("--max-rows", type=positive, default=100_000, metavar="N", help="rows of an answer (100000)")
    limits.add_argument("--max-body", type=positive, default=64, metavar="MIB", help="a request's body (64 MiB)")
    limits.add_argument("--connections", type=positive, default=1000, metavar="N", help="connections at once (1000)")
    limits.add_argument(
        "--subscriptions", type=positive, default=1000, metavar="N",
        help="GraphQL subscriptions at once, on half as many WebSockets as there may be connections (1000)",
    )  # fmt: skip
    limits.add_argument(
        "--patience", type=seconds, default=20.0, metavar="S", help="seconds a client may take to send a request (20)"
    )
    sparql = parser.add_argument_group("SPARQL")
    sparql.add_argument(
        "--sparql-service", action="append", default=[], metavar="URL", help="let queries call this endpoint: SERVICE"
    )
    sparql.add_argument("--sparql-workers", type=positive, default=4, metavar="N", help="SPARQL at once (4)")
    sparql.add_argument("--sparql-memory", type=positive, default=1024, metavar="MIB", help="of each, in MiB (1024)")
    parser.add_argument("--no-watch", action="store_true", help="do not take in what the spool gets")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        from begat.api.service.app import application
        from begat.api.service.server import heed, listening, serve
    except ImportError:
        raise MissingExtra("begat serve", "service") from None
    from begat.api.metrics.watcher import Told
    from begat.api.service.answering import Answering, start_of
    from begat.api.service.certificate import Certificate
    from begat.api.service.gate import Rules
    from begat.api.service.kept import Kept
    from begat.api.service.limits import Limits
    from begat.api.service.observed import Observed
    from begat.api.service.recorder import Recorder
    from begat.api.service.tokens import FILE, Tokens
    from begat.ingest.receiver import Receiver
    from begat.ingest.watch.log import Log
    from begat.ingest.watch.meter import Meter
    from begat.ingest.watch.stop import Stop
    from begat.ingest.watch.watcher import Watcher
    from begat.queries.sparql.place import place_of

    home, base = loopback(arguments.host), base_iri(arguments.base_iri)
    tokens = Tokens(arguments.tokens or FILE)
    needed = arguments.require_token or not (home or arguments.insecure)
    if needed and not any(t.revoked is None for t in tokens.all()):
        raise UsageError(
            f"--host {arguments.host}: others can reach it, and there is no token in {tokens.file} yet: make one with "
            "`begat token create NAME`, or say --insecure if everybody may read and write everything"
            if not home else f"--require-token: there is none in {tokens.file} yet: `begat token create NAME` makes one"
        )  # fmt: skip
    if arguments.key and not arguments.certificate:
        raise UsageError("--key is the key of a --certificate, and there is none")
    certificate = Certificate(arguments.certificate, arguments.key).checked() if arguments.certificate else None
    limits = Limits(
        threads=arguments.threads, seconds=arguments.time_limit, rows=arguments.max_rows,
        body=arguments.max_body << 20, connections=arguments.connections,
        workers=arguments.sparql_workers, memory=arguments.sparql_memory << 20,
        sockets=max(1, arguments.connections // 2), subscriptions=arguments.subscriptions, patience=arguments.patience,
    )  # fmt: skip
    log, stop = Log(), Stop()
    watcher = None
    if not arguments.no_watch:
        meter = Meter()
        watcher = Watcher(settings.store, (settings.spool,), stop, file=settings.store_file, log=log, meter=meter)
    where = listening(arguments.host, arguments.port)
    address = _address(where, "https" if certificate else "http")
    rules = Rules(tokens, needed, _names(arguments.host, where) if home and not needed else None)
    store = Kept(settings.store, settings.store_file, create=watcher is not None)
    receiver = Receiver(settings.store, settings.store_file)
    if watcher is None:  # which else works out what a service that was killed has left
        receiver.begin()
    observed = Observed(log, None if watcher is None else Told(watcher))
    recorder = Recorder(settings.spool, receiver)
    place = place_of(settings.store_shown, settings.store_file)
    answering = Answering(
        start_of(settings.store, settings.store_file, place), limits, lambda line: log.say("sparql", msg=line),
        tuple(arguments.sparql_service),
    )  # fmt: skip
    app = application(
        store, receiver, settings.project, rules, limits, observed, recorder, base, answering, settings.spool
    )
    heed(stop)
    log.say("start", address=address, store=settings.store_shown, spool=None if watcher is None else settings.spool,
            tokens="needed" if needed else "none needed")  # fmt: skip
    print(f"begat: {address}  (Ctrl-C ends it)", file=sys.stderr, flush=True)
    if arguments.insecure and not home:
        print("begat: --insecure: whoever reaches it reads and writes everything", file=sys.stderr, flush=True)
    try:
        serve(app, where, limits, watcher, stop, log, certificate)
    finally:
        app.state.begat.feed.close()
        answering.close()
        receiver.close()
        recorder.close()
        store.close()
    log.say("stop")
    return 0


def _address(where: socket.socket, scheme: str) -> str:
    host, number = where.getsockname()[:2]
    return f"{scheme}://[{host}]:{number}" if ":" in host else f"{scheme}://{host}:{number}"


def _names(host: str, where: socket.socket) -> frozenset[str]:
    """What a browser on this machine may call a service that only listens here."""
    return frozenset(("localhost", "127.0.0.1", "::1", host, where.getsockname()[0]))


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give 0 to 65535")
    return number


def positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 10000000")
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 86400 seconds")
    return number

"""begat run: any command, in any language, as an activity, without touching it."""

import argparse
import os

from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError

ABOUT = (
    "Run a command and record it as an activity: its command line, its code, how it ended, how long it took, what it "
    "used, the last lines of its output, and the files named here. The command sees no difference: streams, exit code "
    "and signals pass through. begat's hooks inside it join it."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "begat run [--name NAME] [--in GLOB ...] [--out GLOB ...] [...] -- COMMAND [ARGUMENT ...]"
    parser.description = ABOUT
    parser.epilog = f"{parser.epilog}\n  begat run --name simulate --out 'runs/**/*.nc' -- ./simulate.sh --steps 100"
    parser.add_argument("--name", help="what the activity is called (default: the script's or the program's name)")
    parser.add_argument("--type", help="its type: Training, Preparation, Evaluation ...")
    parser.add_argument("--experiment", metavar="NAME", help="the experiment it belongs to")
    parser.add_argument(
        "--in", dest="inputs", nargs="+", action="extend", default=[], metavar="GLOB",
        help="files it uses, as they are before it",
    )  # fmt: skip
    parser.add_argument(
        "--out", dest="outputs", nargs="+", action="extend", default=[], metavar="GLOB",
        help="files it makes, as they are after it; quote a pattern, so that it is looked up then",
    )  # fmt: skip
    parser.add_argument(
        "--tail", type=lines, default=20, metavar="N",
        help="keep the last N lines of its output (20; 0: none). Nothing is kept of what goes to a terminal",
    )  # fmt: skip


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exits as the command does, with its code or by its signal; 127 if there is none such, 126 if it cannot run."""
    if not arguments.words:
        raise UsageError("run needs a command behind two dashes: begat run -- python train.py")
    # The command's own hooks write where these do, wherever they run.
    os.environ["BEGAT_SPOOL"] = str(settings.spool.absolute())
    os.environ["BEGAT_PROJECT"] = settings.project
    if os.environ.get("BEGAT_SINK", "").startswith("file:"):
        del os.environ["BEGAT_SINK"]
    from begat.capture import command

    named = {"name", "type", "experiment", "tail"}
    given = {name: value for name, value in vars(arguments).items() if name in named}
    return command.run(
        arguments.words, command.Options(**given, inputs=tuple(arguments.inputs), outputs=tuple(arguments.outputs))
    )


def lines(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10_000:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 10000 lines")
    return number

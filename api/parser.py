"""argparse with begat's manners: wrong usage is one line that says where to read on, exit code 2."""

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An ArgumentParser; its subparsers are of its kind."""

    def error(self, message: str) -> NoReturn:
        """Without the usage lines: `--help` has them, and examples."""
        self.exit(2, f"begat: {' '.join(message.split())}; see {self.prog} --help\n")


def sort_joined(argv: list[str]) -> list[str]:
    """`--sort -started_at` as `--sort=-started_at`: to argparse what begins with a minus is a flag."""
    given = list(argv)
    for i, word in enumerate(given[:-1]):
        if word == "--sort" and given[i + 1].startswith("-") and not given[i + 1].startswith("--"):
            given[i : i + 2] = [f"--sort={given[i + 1]}"]
            break
    return given


def words(text: str) -> list[str]:
    """What stands between commas."""
    return [w.strip() for w in text.split(",") if w.strip()]


def listed(text: str) -> list[str]:
    """The same of a flag, one at least."""
    found = words(text)
    if not found:
        raise argparse.ArgumentTypeError("give one or several, with commas between them")
    return found

"""argparse with begat's manners: wrong usage is one line that says where to read on, exit code 2."""

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An ArgumentParser; its subparsers are of its kind."""

    def error(self, message: str) -> NoReturn:
        """Without the usage lines: `--help` has them, and examples."""
        self.exit(2, f"begat: {' '.join(message.split())}; see {self.prog} --help\n")

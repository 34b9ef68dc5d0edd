"""What a command runs: the program file, or the script that it hands to an interpreter."""

import os
import re
import shutil
from collections.abc import Sequence
from typing import Final

from begat.capture import digest
from begat.capture.script import Script
from begat.capture.values import clean

#: Programs whose first argument that is no option is what runs.
INTERPRETER: Final = re.compile(r"(python|pypy|sh|bash|dash|zsh|ksh|perl|ruby|node|Rscript|julia|php|lua)[\d.]*$")
#: Options of theirs that take a further word, and those that take the program itself.
WITH_WORD: Final = ("-X", "-W", "-I", "-r", "--project")
INLINE: Final = ("-c", "-m", "-e", "-E", "--eval")


def program(words: Sequence[str]) -> Script:
    """The file that a command line runs, with its digest as it is now; its name alone where it is no file.

    It is called what it was called by: `awk` is that, whatever program the link of this name leads to.
    """
    found = shutil.which(words[0])
    given = words[0]
    if INTERPRETER.match(os.path.basename(given)):
        rest = iter(words[1:])
        for word in rest:
            if word in INLINE:
                module = f" {next(rest, '')}" if word == "-m" else ""
                return Script(clean(f"{os.path.basename(given)} {word}{module}"))
            if word in WITH_WORD:
                next(rest, None)
            elif not word.startswith("-"):
                given, found = word, word
                break
    try:
        if found is None:
            return Script(clean(given or "(nothing)"))
        name = os.path.abspath(found).removeprefix(os.getcwd() + os.sep)
        path = os.path.realpath(found)
        return Script(clean(name), path, digest.of_file(path))
    except OSError:  # not there, or not to be read: the command's own matter
        return Script(clean(given))

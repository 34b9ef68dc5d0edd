"""A command line as it is recorded: what is secret in it is masked."""

import re
import shlex
from collections.abc import Iterable
from typing import Final

from begat.capture import values

#: Words of a command line that are kept; the rest is counted.
MOST_WORDS: Final = 1000
#: `NAME=value` and `--name value`, also inside a text: `sh -c "curl --token abc"`.
_NAMED: Final = re.compile(
    r"(?P<name>(?<![\w.-])(?:-{1,2}[A-Za-z_][\w.-]*(?==|:?\s)|[A-Za-z_][\w.-]*(?==)))"
    r"""(?P<is>=|:?\s+)(?P<value>'[^']*'|"[^"]*"|[^\s&;]+)"""
)
_IN_ADDRESS: Final = re.compile(r"(?P<before>(?<![\w+.-])[A-Za-z][\w+.-]*://[^/\s:@]*:)[^\s]*@")
_BEARER: Final = re.compile(r"(?P<before>(?i:authorization):\s*(?:\w+\s+)?)[^\s\"']+")


def masked(words: Iterable[str]) -> list[str]:
    """The words without secrets: values of names that look secret, passwords in addresses, bearer tokens."""
    shown: list[str] = []
    secret = False
    for word in words:
        if len(shown) == MOST_WORDS:
            shown.append("...")
            break
        if secret and not word.startswith("-"):
            shown.append(values.MASK)
            secret = False
            continue
        secret = word.startswith("-") and "=" not in word and values.is_secret(word.lstrip("-"))
        shown.append(text(values.name(word)))
    return shown


def shown(words: Iterable[str]) -> str:
    """The same as a shell takes it. One text: the values of an attribute are a set, in no order."""
    return str(values.plain(shlex.join(masked(words))))


def text(given: str) -> str:
    """A text without the secrets that can be told from it."""
    given = _IN_ADDRESS.sub(rf"\g<before>{values.MASK}@", given)
    given = _BEARER.sub(rf"\g<before>{values.MASK}", given)
    return _NAMED.sub(_hide, given)


def _hide(found: re.Match[str]) -> str:
    name = found["name"]
    return f"{name}{found['is']}{values.MASK}" if values.is_secret(name.lstrip("-")) else found[0]

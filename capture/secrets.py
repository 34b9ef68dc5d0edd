"""What is nobody's business: values whose name says so, and credentials inside a text.

Masked in a text are the passwords and signatures of addresses, what follows a secret's name (`password=...`,
`--token ...`, `"api_key": ...`), and keys that are known by their shape. A secret that stands in a text without any
of these cannot be told from other text.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

MASK: Final = "***"

#: Anywhere in a name.
_ALWAYS: Final = frozenset((
    "password", "passwords", "passwd", "passphrase", "passcode", "pwd", "secret", "secrets", "credential",
    "credentials", "apikey", "authorization", "cookie",
))  # fmt: skip
#: At the end of a name.
_LAST: Final = ("token", "api_key", "access_key", "private_key", "secret_key", "api_keys", "access_keys", "bearer")
#: At the end of a name, when the value is text: a random generator's key is a number or an array.
_KEY: Final = "key"
#: What a token or key is not secret of: those of language models, those of tables.
_NO_SECRET: Final = frozenset((
    "pad", "eos", "bos", "unk", "cls", "sep", "mask", "special", "start", "end", "image", "per", "first", "last",
    "sort", "primary", "foreign", "group", "index", "join", "cache", "partition", "public", "label", "target",
    "feature", "input", "output", "text", "column", "metric", "data", "dict", "map", "batch", "hash", "row", "object",
    "score", "query", "state", "value", "monitor", "id", "name", "file", "dataset", "config", "param", "sample", "time",
))  # fmt: skip

_CAMEL: Final = r"(?<=[a-z0-9])(?=[A-Z])"

#: A text in which none of these is found, in whatever case, holds no secret that can be told. Looking for one after the
#: other takes a fifth of the time that a pattern takes, and nothing to compile.
_SUSPECT: Final = (
    "://", "pass", "pwd", "secret", "token", "credential", "key", "authori", "cookie", "bearer", "akia", "asia", "ghp_",
    "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_", "sk-", "xox", "aiza", "eyj",
)  # fmt: skip


def is_secret(name: str, value: Any = "") -> bool:
    """Whether a name says that its value is nobody's business. Yes, no and nothing are no secrets."""
    said = says(name)
    if said == "text":
        return isinstance(value, str | bytes | list | tuple | dict)
    return said == "yes" and value is not None and value is not True and value is not False


@lru_cache(10_000)
def says(name: str) -> str:
    """Whether a name is a secret's: yes, no, or text: when its value is one."""
    low = re.sub(_CAMEL, "_", name.rpartition(".")[2]).lower().replace("-", "_").rstrip("_0123456789")
    words = low.split("_")
    if not _ALWAYS.isdisjoint(words) or low.endswith(("password", "passwd", "secret")):
        return "yes"
    for end in _LAST:
        if low.endswith(end):
            before = low[: -len(end)].rstrip("_").rpartition("_")[2]
            return "no" if before in _NO_SECRET else "yes"
    if words[-1] == _KEY:
        return "no" if words[-2:-1] and words[-2] in _NO_SECRET else "text"
    return "no"


def masked(name: str, value: Any) -> Any:
    """The value, or a mask when the name says that it is a secret."""
    return MASK if is_secret(name, value) else value


def text(given: str) -> str:
    """A text without the secrets that can be told in it."""
    folded = given.casefold()
    for mark in _SUSPECT:
        if mark in folded:
            break
    else:
        return given
    # What there is to be looked for takes longer to compile than all else that the first hook imports of begat.
    from begat.capture import secret_texts

    return secret_texts.masked(given)


def words(given: Iterable[str]) -> Iterator[str]:
    """The words of a command line; what follows a secret's flag is masked too."""
    hidden = False
    for word in given:
        yield MASK if hidden and not word.startswith("-") else text(word)
        hidden = word.startswith("-") and "=" not in word and is_secret(word.lstrip("-"))

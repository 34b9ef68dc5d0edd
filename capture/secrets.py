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
#: Further names of secrets in an address's query.
_IN_QUERY: Final = frozenset((
    "sig", "signature", "auth", "code", "x_amz_signature", "x_amz_credential", "x_goog_signature", "x_goog_credential",
    "awsaccesskeyid", "googleaccessid",
))  # fmt: skip

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: A text in which none of these is found holds no secret that can be told.
_SUSPECT: Final = re.compile(
    r"://|pass|pwd|secret|token|credential|key|authori|cookie|bearer|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|hf_|sk-|"
    r"xox|AIza|eyJ",
    re.IGNORECASE,
)
_SHAPES: Final = re.compile(
    r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{20,}|"
    r"sk-[\w-]{20,}|xox[a-z]-[\w-]{10,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)
_PEM: Final = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END|\Z)", re.DOTALL)
_BEARER: Final = re.compile(r"\b(bearer|basic)(\s+)[\w.~+/=-]{8,}", re.IGNORECASE)
_USER: Final = re.compile(r"(://[^\s/?#:@'\"<>]*):[^\s/'\"<>]+@")
#: A name without a password before a web address's host is a token.
_ALONE: Final = re.compile(r"(https?://)[^\s/?#:@'\"<>]+@")
_QUERY: Final = re.compile(r"([?&;]|%26)([\w.~-]+)=([^&;#\s'\"<>]+)")
_FLAG: Final = re.compile(r"(?<!\S)(--?)([A-Za-z][\w-]*)(\s+)((?!-)\S+)")
#: NAME=value, NAME: value, "NAME": "value"; of a value that is code (a call, say) the text says nothing.
_SAID: Final = re.compile(
    r"(?<![\w.])(?P<name>[A-Za-z_][\w.-]{0,80})(?P<is>['\"]?(?:=| = |\s?:\s{0,2}))"
    r"(?P<value>b?'[^'\n]*'|b?\"[^\"\n]*\"|(?![='\"])[^\s,;&'\"()\[\]{}<>]+(?![\w.]*[(\[]))"
)


def is_secret(name: str, value: Any = "") -> bool:
    """Whether a name says that its value is nobody's business. Yes, no and nothing are no secrets."""
    says = _says(name)
    if says == "text":
        return isinstance(value, str | bytes | list | tuple | dict)
    return says == "yes" and value is not None and value is not True and value is not False


@lru_cache(10_000)
def _says(name: str) -> str:
    low = _CAMEL.sub("_", name.rpartition(".")[2]).lower().replace("-", "_").rstrip("_0123456789")
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
    if _SUSPECT.search(given) is None:
        return given
    if "://" in given:
        given = _USER.sub(rf"\1:{MASK}@", given)
        given = _ALONE.sub(rf"\1{MASK}@", given)
        given = _QUERY.sub(_query, given)
    given = _PEM.sub(rf"\1{MASK}\2", given)
    given = _SHAPES.sub(MASK, given)
    given = _BEARER.sub(rf"\1\2{MASK}", given)
    given = _FLAG.sub(_flag, given)
    return _SAID.sub(_said, given)


def words(given: Iterable[str]) -> Iterator[str]:
    """The words of a command line; what follows a secret's flag is masked too."""
    hidden = False
    for word in given:
        yield MASK if hidden and not word.startswith("-") else text(word)
        hidden = word.startswith("-") and "=" not in word and is_secret(word.lstrip("-"))


def _query(match: re.Match[str]) -> str:
    before, name, value = match.groups()
    hide = name.lower().replace("-", "_") in _IN_QUERY or is_secret(name, value)
    return f"{before}{name}={MASK}" if hide else match[0]


def _flag(match: re.Match[str]) -> str:
    dashes, name, space, value = match.groups()
    return f"{dashes}{name}{space}{MASK}" if is_secret(name, value) else match[0]


def _said(match: re.Match[str]) -> str:
    said, value = match["name"], match["value"]
    if not is_secret(said, value) or value == MASK:
        return match[0]
    quote = value[-1] if value[-1] in "'\"" else ""
    if not quote and (match["is"] == " = " or _says(said) == "text"):  # a line of a program names no secret
        return match[0]
    return f"{said}{match['is']}{quote}{MASK}{quote}"

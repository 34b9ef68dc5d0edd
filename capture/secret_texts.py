"""Credentials inside a text that may hold some: see secrets.py for what is masked."""

import re
from typing import Final

from begat.capture.secrets import MASK, is_secret, says

#: Further names of secrets in an address's query.
_IN_QUERY: Final = frozenset((
    "sig", "signature", "auth", "code", "x_amz_signature", "x_amz_credential", "x_goog_signature", "x_goog_credential",
    "awsaccesskeyid", "googleaccessid",
))  # fmt: skip
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


def masked(given: str) -> str:
    """A text without the secrets that can be told in it."""
    if "://" in given:
        given = _USER.sub(rf"\1:{MASK}@", given)
        given = _ALONE.sub(rf"\1{MASK}@", given)
        given = _QUERY.sub(_query, given)
    given = _PEM.sub(rf"\1{MASK}\2", given)
    given = _SHAPES.sub(MASK, given)
    given = _BEARER.sub(rf"\1\2{MASK}", given)
    given = _FLAG.sub(_flag, given)
    return _SAID.sub(_said, given)


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
    if not quote and (match["is"] == " = " or says(said) == "text"):  # a line of a program names no secret
        return match[0]
    return f"{said}{match['is']}{quote}{MASK}{quote}"

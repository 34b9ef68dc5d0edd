"""Why no server answers: the driver wraps the reason in others, and what people have to know is the innermost."""

import ssl
from typing import Final

#: What the reason has in it, and what people are told.
_TOLD: Final = (
    ("looks like HTTP", "that is a port of HTTP; give the port of Bolt, 7687 if nobody changed it"),
    ("handshake", "what listens there does not speak Bolt, or only by TLS (neo4j+s://)"),
)


def reason(e: BaseException) -> str:
    """In a line, what to look at."""
    inner = _innermost(e)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {inner.verify_message}"
    if isinstance(inner, ssl.SSLError):
        return "it does not speak TLS, which the +s in the address asks for"
    if isinstance(inner, TimeoutError):
        return "it says nothing"
    if isinstance(inner, ConnectionResetError):
        return "it hangs up: is that the port of Bolt, and does it ask for TLS (neo4j+s://)?"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    text = str(inner)
    return next((told for known, told in _TOLD if known in text), (text.splitlines() or ["no answer"])[0])


def _innermost(e: BaseException) -> BaseException:
    while True:
        within = e.exceptions[0] if isinstance(e, BaseExceptionGroup) else e.__cause__
        if within is None:
            return e
        e = within

"""Whether the service in this container is well: exit 0, or 1 with a line that says what it answers.

    python health.py [PORT [https]]

The standard library alone, and no proxy of the environment: curl need not be in the image.
"""

import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

port, tls = int(sys.argv[1]) if sys.argv[1:] else 8000, sys.argv[2:] == ["https"]
service = HTTPConnection("127.0.0.1", port, timeout=4)
if tls:  # whose certificate it is does not matter at the container's own address
    service = HTTPSConnection("127.0.0.1", port, timeout=4, context=ssl._create_unverified_context())
try:
    service.request("GET", "/healthz")
    answer = service.getresponse()
    told = answer.read(500).decode("utf-8", "replace").strip()
except (OSError, HTTPException) as e:
    sys.exit(f"no answer: {e}")
if answer.status != 200:
    sys.exit(f"{answer.status}: {told}")

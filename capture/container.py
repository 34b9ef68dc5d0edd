"""The container this process is in, as far as the inside of one can tell."""

import os
from typing import Final

from begat.capture import secrets
from begat.graph_schema import kernel
from begat.graph_schema.events import Attributes

#: Where Singularity and its heir Apptainer name their image.
IMAGES: Final = ("APPTAINER_CONTAINER", "SINGULARITY_CONTAINER", "APPTAINER_NAME", "SINGULARITY_NAME")
#: What podman says in its file, and what it is called here.
PODMAN: Final = {"image": "image", "imageid": "image_id"}
#: A file that only containers have, and whose it is.
MARKS: Final = (("/run/.containerenv", "podman"), ("/.dockerenv", "docker"))


def facts(root: str = "") -> Attributes:
    """Whose container it is, and its image where the inside is told. Empty outside of any."""
    for name in IMAGES:
        if os.environ.get(name):
            return {"container": name.partition("_")[0].lower(), "image": secrets.text(os.environ[name])}
    for path, whose in MARKS:
        if os.path.exists(root + path):
            return {"container": whose, **_podman(kernel.text(root + path))}
    if os.environ.get("KUBERNETES_SERVICE_HOST"):
        return {"container": "kubernetes"}
    return {}


def _podman(told: str) -> Attributes:
    """What podman writes there: lines `name="value"`."""
    found: Attributes = {}
    for line in told.splitlines():
        name, _, value = line.partition("=")
        if name in PODMAN and value.strip('"'):
            found[PODMAN[name]] = secrets.text(value.strip('"'))
    return found

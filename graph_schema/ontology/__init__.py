"""begat's own namespace, https://w3id.org/begat/ns#, as Turtle: what its words mean, and what they are in PROV-O and
ML-Schema."""

from importlib.resources import files


def ontology() -> bytes:
    """The Turtle, as it is shipped."""
    return files(__name__).joinpath("begat.ttl").read_bytes()


def shapes() -> bytes:
    """What every document that begat writes as PROV-O holds to, as SHACL in Turtle."""
    return files(__name__).joinpath("shapes.ttl").read_bytes()

"""What `begat stats --format prometheus` tells: what the store holds and how far it is behind the spool."""

import time
from collections.abc import Iterator
from typing import Final

from begat.api.metrics.text import Family, Sample, family
from begat.graph_schema.store import Stats
from begat.ingest.lag import Lag

#: Counts of a store: the family's name, the field of Stats, and what it says.
COUNTS: Final = (
    ("begat_store_entities", "entities", "Entities in the store."),
    ("begat_store_activities", "activities", "Activities in the store."),
    ("begat_store_agents", "agents", "Agents in the store."),
    ("begat_store_relations", "relations", "Relations in the store."),
    ("begat_store_metric_points", "metric_points", "Points of metric series in the store."),
    ("begat_store_quarantined_lines", "quarantined", "Journal lines kept aside since they could not be taken in."),
    ("begat_store_dropped_events", "dropped", "Events that writers say they could not write to their journals."),
    ("begat_store_marked_nodes", "marked", "Nodes whose lineage is not worked out yet."),
    ("begat_store_commits", "commit", "Batches committed to the store since it was made."),
)


def of_store(stats: Stats) -> Iterator[Family]:
    """The families of a store's counts."""
    for name, field, help_ in COUNTS:
        yield family(name, help_, getattr(stats, field))
    by_type = tuple(Sample(n, {"type": t}) for t, n in stats.by_type.items())
    yield Family("begat_store_nodes", "gauge", "Nodes in the store, by type.", by_type)


def of_lag(lag: Lag, prefix: str) -> Iterator[Family]:
    """The families of a lag: `prefix` is whose."""
    yield family(f"{prefix}_pending_bytes", "Bytes of journal that are not taken in.", lag.bytes)
    about = "Events that are not taken in; from their mean length where there are very many."
    yield family(f"{prefix}_pending_events", about, lag.events)
    about = "Age of the oldest event that is not taken in, 0 when there is none."
    yield family(f"{prefix}_lag_seconds", about, lag.seconds(time.time()))

"""What the tests of the thirty questions share."""

from typing import TYPE_CHECKING

import pytest

from begat.api.demo.study import study
from begat.graph_schema.store import Store

if TYPE_CHECKING:
    from tests.contract.conftest import Load


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    """A store that was told the study."""
    return load(store, [s for teller in study() for s in teller.statements()])

import os

import hypothesis
import pytest

# A machine under load is no reason to fail, so no deadline per example.
hypothesis.settings.register_profile("begat", deadline=None)
hypothesis.settings.load_profile("begat")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see begat's defaults, whatever the shell that runs them has set."""
    for name in os.environ:
        if name.startswith("BEGAT_") and name != "BEGAT_REQUIRE":
            monkeypatch.delenv(name)

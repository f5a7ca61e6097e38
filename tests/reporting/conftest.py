"""The laboratory of the simulator, made once."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def laboratory() -> Any:
    from cdppe_analysis.reporting.simulator import Laboratory

    return Laboratory()

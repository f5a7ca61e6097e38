"""Whatever test runs a verb, what the verb gives to programs is held to its documented shape."""

import pytest


@pytest.fixture(autouse=True)
def _held(held_to_shapes):
    return held_to_shapes

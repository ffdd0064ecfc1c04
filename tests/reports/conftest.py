"""A cast whose transactions really end."""

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def stage(real_database: str) -> Cast:
    """The cast in a database of the test's own: what is committed is seen as by another request."""
    return make_cast()

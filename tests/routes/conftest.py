"""The filled database, once for all routes."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.routes.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    with staged(app) as filled:
        yield filled

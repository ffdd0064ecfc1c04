"""Fixtures of the account tests."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.core import db
from lms.core.config import Settings
from lms.web.throttle import limiter


@pytest.fixture
def true_hasher(cheap_passwords: PasswordHasher) -> PasswordHasher:
    """The hasher as the product has it; all other tests use a cheap one."""
    return cheap_passwords


@pytest.fixture(scope="module")
def strict_app(app: Flask, settings: Settings) -> Iterator[Flask]:
    """An app that counts tries."""
    shared = db.engine()
    strict = create_app(replace(settings, throttle_enabled=True))
    db.engine().dispose()
    db.session.remove()
    db.session.configure(bind=shared)
    strict.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    yield strict


@pytest.fixture
def strict_client(strict_app: Flask, database: None) -> Iterator[FlaskClient]:
    """A client of the app that counts tries; no tries counted yet."""
    # There is one limiter for all apps of a process: it must not count for the next test.
    limiter.enabled = True
    limiter.reset()
    yield strict_app.test_client()
    limiter.reset()
    limiter.enabled = False

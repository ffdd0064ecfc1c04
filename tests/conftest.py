"""Fixtures: a database per worker, migrated once; each test's changes are rolled back."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from lms.accounts import passwords
from lms.app import create_app
from lms.core import clock, config, db, i18n
from lms.courses import outline
from tests.cast import CHEAP, PASSWORD, Cast, make_cast

ROOT = Path(__file__).parent.parent
KIND = os.environ.get("LMS_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("LMS_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


# Files of other projects that this one is tried on; a copy of the project without them is whole all the same.
CASES = ROOT.parent / "shared" / "cases"


def pytest_report_header() -> str:
    return f"database: {KIND}; cases of other projects: {'here' if CASES.exists() else 'not here, their tests are left out'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, openly, what needs the cases of other projects where they are not."""
    if CASES.exists():
        return
    without = [
        item
        for item in items
        if any("are not here" in str(mark.kwargs.get("reason")) for mark in item.iter_markers() if "skip" in mark.name)
    ]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    # In CI a part that steps aside is a part that was not tested.
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def migrate(engine: Engine) -> None:
    """Bring a database up to the newest tables."""
    alembic = Config(str(ROOT / "alembic.ini"))
    with engine.connect() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        connection.commit()


class Databases:
    """Makes databases for this worker: one that all tests share, and copies for those that need their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []
        self.template = self._new()
        engine = db.connect(self.template)
        migrate(engine)
        engine.dispose()

    def copy(self) -> str:
        """Return the URL of a fresh migrated database."""
        return self._new(self.template)

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        return self._new()

    def _new(self, template: str | None = None) -> str:
        name = f"antoanso_test_{uuid.uuid4().hex[:12]}"
        if KIND == "sqlite":
            path = self.folder / f"{name}.sqlite"
            if template:
                shutil.copy(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            of = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
            connection.execute(text(f"CREATE DATABASE {name}{of}"))
            # What a test wrote need not survive a power cut; waiting for the disk is most of the time otherwise.
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
        server.dispose()
        self.made.append(name)
        return f"{SERVER.rpartition('/')[0]}/{name}"

    def drop_all(self) -> None:
        if KIND != "postgresql":
            return
        server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            for name in self.made:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.drop_all()


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    """Let each test begin in Vietnamese, whatever language the one before left behind."""
    i18n.use("vi")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[PasswordHasher]:
    """Passwords cost next to nothing in tests; gives the true hasher, for the tests of the cost itself."""
    true_hasher, passwords.hasher = passwords.hasher, CHEAP
    yield true_hasher
    passwords.hasher = true_hasher


@pytest.fixture(scope="session")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    return config.load(
        {
            "LMS_DATABASE_URL": databases.copy(),
            "LMS_INSTANCE": str(tmp_path_factory.mktemp("instance")),
            "LMS_SECRET_KEY": "a key for tests only, long enough",
            "LMS_BASE_URL": "http://localhost",
            "LMS_THROTTLE": "off",
        }
    )


@pytest.fixture(scope="session")
def app(settings: config.Settings) -> Flask:
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """The shared database; whatever the test does, commits included, is rolled back after it."""
    engine = db.engine()
    # Ids come again after a rollback; what a worker keeps by id must not.
    outline.forget()
    with engine.connect() as connection:
        outer = connection.begin()
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
        db.session.remove()
        db.session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()


@pytest.fixture
def real_database(databases: Databases, app: Flask) -> Iterator[str]:
    """A database of the test's own, really committed to; for tests with several connections. Gives its URL."""
    shared = db.engine()
    url = databases.copy()
    own = db.connect(url)
    yield url
    db.session.remove()
    own.dispose()
    db.session.configure(bind=shared)


@pytest.fixture
def cast(database: None) -> Cast:
    """The people and units that tests play with."""
    return make_cast()


@pytest.fixture
def client(app: Flask, database: None) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[str], FlaskClient]:
    """Sign in as somebody of the cast: sign_in("teacher")."""

    def enter(username: str) -> FlaskClient:
        client.post("/sign-out")
        response = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert response.status_code == 302, response.get_data(as_text=True)
        return client

    return enter


@pytest.fixture
def at() -> Callable[[datetime], object]:
    """Let it be another moment: with at(day): ..."""
    return clock.at

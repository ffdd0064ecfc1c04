"""An app with an author in it, and questions that are generated straight into its bank."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert, text

from lms.accounts.models import Account, Person
from lms.app import create_app
from lms.cli.database import migrate
from lms.core import clock, config, db
from lms.core.db import session
from lms.schools.kinds import seed
from lms.schools.models import Role, Unit, UnitName, UnitParent
from lms.schools.tree import rebuild_reach
from tools import postgres

KEY = "a key for measuring only, long enough"
BEGAN = clock.today() - timedelta(days=400)
TOPICS = [f"chủ đề {number}" for number in range(1, 61)]
_BEGIN = ["b", "c", "ch", "d", "đ", "g", "h", "k", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"]
_END = [
    "a",
    "ac",
    "ai",
    "an",
    "ang",
    "anh",
    "ao",
    "at",
    "au",
    "e",
    "em",
    "en",
    "eo",
    "i",
    "ich",
    "iem",
    "ien",
    "ieu",
    "im",
    "in",
    "inh",
    "it",
    "o",
    "oa",
    "oai",
    "oan",
    "oc",
    "oi",
    "om",
    "on",
    "ong",
    "u",
    "ua",
    "ui",
    "un",
    "uoc",
    "uoi",
    "uong",
    "ut",
    "y",
]
SYLLABLES = [begin + end for begin in _BEGIN for end in _END]
# As in a language: the first one comes most often, the tenth a tenth as often.
_WEIGHTS = [1 / (rank + 3) for rank in range(len(SYLLABLES))]
Random(1).shuffle(SYLLABLES)


@contextmanager
def app_in(folder: Path, *, postgresql: bool = False) -> Iterator[Flask]:
    """Give an app with empty tables, on SQLite in the folder or on a PostgreSQL database that is dropped afterwards."""
    settings = {"LMS_INSTANCE": str(folder), "LMS_THROTTLE": "off", "LMS_SECRET_KEY": KEY}
    if not postgresql:
        yield _made(settings)
        db.engine().dispose()
        return
    with postgres.server() as url:
        server, name = create_engine(url, isolation_level="AUTOCOMMIT"), f"antoanso_bench_{uuid4().hex[:12]}"
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield _made(settings | {"LMS_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"})
        finally:
            db.engine().dispose()
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            server.dispose()


def _made(settings: dict[str, str]) -> Flask:
    app = create_app(config.load(settings))
    # Forms are sent without having been shown.
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        migrate("head")
    return app


def author() -> int:
    """Make a unit and the account 1, who writes questions for it; return the unit's id."""
    with db.transaction():
        seed()
        dated = {"from_day": BEGAN, "recorded_at": clock.start_of(BEGAN)}
        for unit in (1, 2):
            session.execute(insert(Unit), [{"id": unit, "code": f"U{unit}", "kind_code": "so"}])
            session.execute(
                insert(UnitName), [{"unit_id": unit, "name": f"Sở {unit}", "short_name": f"Sở {unit}", "sort_key": str(unit), **dated}]
            )
            session.execute(insert(UnitParent), [{"unit_id": unit, "parent_id": None, "relation": "administrative", **dated}])
        person: dict[str, Any] = {
            "family_name": "Người",
            "given_name": "Soạn",
            "sort_key": "1",
            "search_key": "1",
            "created_at": clock.now(),
        }
        session.execute(insert(Person), [{"id": 1, **person}])
        account = {"id": 1, "person_id": 1, "username": "soan", "language": "vi", "created_at": clock.now(), "session_epoch": 0}
        session.execute(insert(Account), [account])
        session.execute(insert(Role), [{"account_id": 1, "role": "author", "unit_id": 1, "from_day": BEGAN}])
        rebuild_reach()
    return 1


def signed_in(app: Flask) -> FlaskClient:
    """Return a browser in which account 1 is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1.0"
    return client


def sentence(random: Random, syllables: int) -> str:
    """Return so many syllables, common ones more often."""
    return " ".join(random.choices(SYLLABLES, _WEIGHTS, k=syllables))

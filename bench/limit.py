"""The limit: a bare Flask app on the same server and database, to which our pages are compared.

Sign-in by Flask-Login with the user loaded by one query, one indexed query, a
template that makes a page of 10 KB, and a route that commits one row.  That
route signs nobody in, reads nothing of what is sent and checks nothing: as bare as
it can be, so that all of that counts as ours.  The app imports nothing of ours:
what we add to it is what the comparison shows.
"""

import os
from typing import Any

from flask import Flask, Response, make_response, render_template
from flask_login import LoginManager, UserMixin, login_required, login_user
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker


class Model(DeclarativeBase):
    """Base of the few columns that the limit reads."""


class User(UserMixin, Model):
    __tablename__ = "accounts_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    username: Mapped[str]


class Unit(Model):
    __tablename__ = "schools_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind_code: Mapped[str]


class Row(Model):
    """The row that /commit writes; the bench makes the table."""

    __tablename__ = "bench_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def create_app(database: str | None = None) -> Flask:
    """Build the app on a SQLite file; the server names it in LMS_BENCH_DATABASE."""
    app = Flask("bench.limit", root_path=os.path.dirname(__file__))
    app.secret_key = "the limit keeps no secrets, but signs cookies"  # noqa: S105
    engine = create_engine(f"sqlite:///{database or os.environ['LMS_BENCH_DATABASE']}")
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    session = scoped_session(sessionmaker(engine, expire_on_commit=False))
    app.teardown_request(lambda _error: session.remove())
    manager = LoginManager(app)

    @manager.user_loader
    def load(user_id: str) -> User | None:
        return session.get(User, int(user_id))

    @app.get("/enter/<int:user_id>")
    def enter(user_id: int) -> Response:
        login_user(load(str(user_id)))
        return make_response("", 204)

    @app.get("/page")
    @login_required
    def page() -> str:
        units = session.execute(select(Unit.code, Unit.kind_code).where(Unit.id.between(1, 10))).all()
        return render_template("limit.html", units=units)

    @app.post("/commit")
    def commit() -> Response:
        session.add(Row(text="an answer"))
        session.commit()
        return make_response("", 204)

    return app


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=20000", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")

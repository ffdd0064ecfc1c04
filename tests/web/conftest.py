"""A second app with views that only tests need: some write, some fail, one is long."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, jsonify, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from lms.app import create_app
from lms.core import config, db, errors, i18n
from lms.core.db import session
from lms.core.models import Mark
from lms.web import transactions
from lms.web.guards import found, public, signed_in, with_role
from lms.web.signin import actor

bp = Blueprint("stage", __name__, url_prefix="/stage")

ERRORS = {error.code: error for error in (errors.Invalid, errors.NotFound, errors.Forbidden, errors.Conflict, errors.Gone, errors.TooMany)}


@bp.route("/error/<code>", methods=["GET", "POST"])
@public
def error(code: str) -> ResponseReturnValue:
    """Write a row, then fail."""
    if request.method == "POST":
        session.add(Mark(name=code, value={}))
        session.flush()
    raise found(ERRORS.get(code))()


@bp.route("/fault", methods=["GET", "POST"])
@public
def fault() -> ResponseReturnValue:
    """Write a row, then break."""
    if request.method == "POST":
        session.add(Mark(name="fault", value={}))
        session.flush()
    raise ZeroDivisionError("a secret in a traceback")


@bp.route("/write", methods=["GET", "POST"])
@public
def write() -> ResponseReturnValue:
    """Write a row, by any method."""
    session.add(Mark(name=request.args.get("name", "written"), value={}))
    session.flush()
    return "done"


@bp.route("/slow", methods=["POST"])
@public
def slow() -> ResponseReturnValue:
    """Do something slow between reading and writing."""
    with transactions.reading():
        session.get(Mark, 1)
    session.add(Mark(name="after", value={}))
    return "done"


@bp.route("/long")
@public
def long() -> ResponseReturnValue:
    """Give a long page, or a short one."""
    return "á" * int(request.args.get("letters", "2000"))


@bp.route("/json")
@public
def data() -> ResponseReturnValue:
    """Give data."""
    return jsonify(language=i18n.language())


@bp.route("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    """Say who is asking."""
    return actor().username


@bp.route("/office")
@with_role("officer", "administrator")
def office() -> ResponseReturnValue:
    """Say who is asking, when it is somebody of an office."""
    return actor().username


@pytest.fixture(scope="session")
def stage_app(app: Flask, settings: config.Settings) -> Iterator[Flask]:
    before = db.engine()
    stage = create_app(settings)
    stage.register_blueprint(bp)
    stage.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    own = db.engine()
    db.session.remove()
    db.session.configure(bind=before)
    own.dispose()
    yield stage


@pytest.fixture
def stage(stage_app: Flask, database: None) -> FlaskClient:
    """A browser on the app with the test's own views."""
    return stage_app.test_client()

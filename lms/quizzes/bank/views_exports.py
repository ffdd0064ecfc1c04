"""Pages of authors: taking questions along in a file of another program."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import i18n
from lms.quizzes import formats
from lms.quizzes.bank import queries, reading, rules
from lms.quizzes.bank.queries import wanted_from
from lms.quizzes.content import Problem, QuestionDraft
from lms.quizzes.formats import FileWritten, QuestionFormat
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank_exports", __name__)

AUTHORS = ("author", "administrator")
MOST = 2_000  # questions in one file
MOST_SAID = 100


@bp.get("/questions/export")
@with_role(*AUTHORS)
def choose() -> ResponseReturnValue:
    """Choose a format for the questions that were ticked or found, and see what it cannot carry."""
    ids, is_cut = _chosen()
    key = request.args.get("format", "")
    written, problems = None, list[Problem]()
    if key:
        drafts = reading.drafts_of(ids)
        written, _file_format = _written(drafts, key)
        problems = list(written.problems)
    query = request.args.to_dict(flat=False) | {"in": [_language()]}
    return render_template(
        "quizzes/export.html",
        count=len(ids),
        is_cut=is_cut,
        most=MOST,
        formats=[each for each, _write in formats.written()],
        format_key=key,
        language_key=_language(),
        languages=i18n.LANGUAGES,
        written=written,
        problems=problems[:MOST_SAID],
        more=max(len(problems) - MOST_SAID, 0),
        asked=[(name, value) for name, values in query.items() for value in values if name not in ("format", "in")],
        file_url=url_for(".file", **query) if written is not None and written.data else None,  # type: ignore[arg-type]
    )


@bp.get("/questions/export/file")
@with_role(*AUTHORS)
def file() -> ResponseReturnValue:
    """Send the file."""
    ids, _is_cut = _chosen()
    written, file_format = _written(reading.drafts_of(ids), request.args.get("format", ""))
    response = Response(written.data, mimetype=file_format.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"cau-hoi{file_format.suffixes[0]}")
    return response


def _chosen() -> tuple[list[int], bool]:
    """Return the questions that were ticked, else all that the filters find, and whether there are too many for one file."""
    allow(rules.may_write_anywhere(actor()))
    units = rules.units_of(actor())
    ticked = [int(each) for each in request.args.getlist("id") if each.isdigit() and len(each) < 10][: MOST + 1]
    ids = [row.question.id for row in queries.chosen_rows(units, ticked)] if ticked else queries.found_ids(units, wanted_from(request.args))
    return ids[:MOST], len(ids) > MOST


def _written(drafts: list[QuestionDraft], key: str) -> tuple[FileWritten, QuestionFormat]:
    file_format, write = found(next((each for each in formats.written() if each[0].key == key), None))
    return write(drafts, language=_language()), file_format


def _language() -> str:
    code = request.args.get("in", i18n.DEFAULT)
    return code if code in i18n.LANGUAGES else i18n.DEFAULT

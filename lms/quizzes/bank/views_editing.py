"""Pages of authors: writing a question, a new one or one that is there."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import files, i18n, names
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.quizzes import file_links, question_types, showing
from lms.quizzes.bank import differences, editing, queries, reading, rules
from lms.quizzes.bank.editing import ChangedMeanwhile
from lms.quizzes.bank.editors import frame, parts
from lms.quizzes.bank.editors.every import EDITORS
from lms.quizzes.bank.editors.frame import Written
from lms.quizzes.bank.editors.parts import Complaint, Values
from lms.quizzes.content import QuestionDraft, Severity, Texts
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from lms.quizzes.review import Item
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank_editing", __name__)

AUTHORS = ("author", "administrator")
LARGEST_IN_PREVIEW = 2_000_000  # bytes of a picture that is not kept yet
_OWN_FIELDS = ("csrf_token", "act", "file")


@dataclass(frozen=True)
class Desk:
    """What an author sits at: the type, and the question when it is there already."""

    type_key: str
    question: Question | None = None
    version: QuestionVersion | None = None
    before: QuestionDraft | None = None

    @property
    def url(self) -> str:
        if self.question is None:
            return url_for("bank_editing.new", type_key=self.type_key)
        return url_for("bank_editing.edit", question_id=self.question.id)


@bp.get("/questions/new")
@with_role(*AUTHORS)
def choose_type() -> ResponseReturnValue:
    """Choose what type of question to write."""
    places = queries.categories(rules.units_of(actor()), to_write=True)
    return render_template(
        "quizzes/edit_choose.html",
        types=[each for each in question_types.known() if each.key in EDITORS],
        category_id=request.args.get("category", type=int),
        may_begin=_may_begin(places),
    )


@bp.route("/questions/new/<type_key>", methods=["GET", "POST"])
@with_role(*AUTHORS)
def new(type_key: str) -> ResponseReturnValue:
    """Write a new question; on POST keep it, or show the form again."""
    found(EDITORS.get(type_key))
    allow(rules.may_write_anywhere(actor()))
    desk = Desk(type_key)
    if request.method == "GET":
        places = queries.categories(rules.units_of(actor()), to_write=True)
        category = request.args.get("category", "") or (str(places[0][0].id) if len(places) == 1 else "")
        values = frame.start(EDITORS[type_key]) | {"state": "ready", "category": category}
        return _form(desk, values)
    return _answer(desk)


@bp.route("/questions/<int:question_id>/edit", methods=["GET", "POST"])
@with_role(*AUTHORS)
def edit(question_id: int) -> ResponseReturnValue:
    """Change a question; on POST keep it as a new version, or show the form again."""
    question = found(session.get(Question, question_id))
    allow(rules.may_write_in(actor(), session.get_one(Category, question.category_id)))
    version = reading.latest(question_id)
    editor = found(EDITORS.get(version.type))
    before = reading.draft_of(version)
    desk = Desk(version.type, question, version, before)
    if request.method == "GET":
        values = frame.opened(before, editor, i18n.LANGUAGES)
        values |= {"state": version.state, "category": str(question.category_id), "known": editing.seal(question, version)}
        for name, data in before.files.items():
            values, _name = frame.with_file(values, name, files.digest(data))
        return _form(desk, values)
    return _answer(desk)


def _answer(desk: Desk) -> ResponseReturnValue:
    """Do what the pressed button says; nothing that was typed is lost."""
    values: Values = {name: value for name, value in request.form.items() if name not in _OWN_FIELDS}
    act, _colon, which = request.form.get("act", "check").partition(":")
    if act == "picture":
        return _with_file(desk, values)
    if act in ("add", "remove", "up", "down"):
        return _form(desk, _rearranged(values, act, which))
    written = _read(desk, values)
    if act != "save" or not written.is_usable:
        return _form(desk, values, written=written, is_sent=act == "save")
    try:
        saved = _keep(desk, values, written)
    except ChangedMeanwhile as error:
        transactions.failed()
        return _changed_meanwhile(desk, values, written, error)
    except LmsError as error:
        transactions.failed()
        spoiled = Written(written.draft, (*written.complaints, Complaint("id_number", str(error))))
        return _form(desk, values, written=spoiled, is_sent=True)
    _tell(desk, saved)
    return redirect(url_for("bank.question", question_id=saved.question_id))


def _keep(desk: Desk, values: Values, written: Written) -> editing.Saved:
    category = found(session.get(Category, int(values["category"])))
    allow(rules.may_write_in(actor(), category))
    by = actor().account_id
    if desk.question is None:
        return editing.create(written.draft, category_id=category.id, state=values["state"], by=by)
    return editing.revise(
        desk.question.id, written.draft, category_id=category.id, state=values["state"], known=values.get("known", ""), by=by
    )


def _tell(desk: Desk, saved: editing.Saved) -> None:
    if desk.question is None:
        flash(_("The question is in the bank."), "done")
    elif saved.is_new_version:
        flash(_("Saved as version {number}. Attempts that began before keep theirs.", number=saved.number), "done")
    else:
        flash(_("Saved. The question itself is the same, so there is no new version."), "done")


def _changed_meanwhile(desk: Desk, values: Values, written: Written, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what the other author saved; saving once more puts the own version on top of it."""
    assert desk.question is not None
    question = session.get_one(Question, desk.question.id)
    newest = reading.latest(question.id)
    values = values | {"known": editing.seal(question, newest)}
    changes = differences.between(reading.draft_of(newest), written.draft, i18n.language())
    return _form(desk, values, written=written, other=newest, said=str(error), changes=changes, status=409)


def _rearranged(values: Values, act: str, which: str) -> Values:
    name, _dot, index = which.rpartition(".") if act != "add" else (which, "", "0")
    number = int(index) if index.isdigit() else 0
    if act == "add":
        return parts.with_row(values, name)
    if act == "remove":
        return parts.without_row(values, name, number)
    return parts.moved_row(values, name, number, -1 if act == "up" else 1)


def _with_file(desk: Desk, values: Values) -> ResponseReturnValue:
    """Keep a file that was chosen and put it at the end of the question."""
    upload = request.files.get("file")
    data = upload.read() if upload else b""
    complaints = []
    if not data or upload is None:
        complaints.append(Complaint("file", _("Choose a file.")))
    elif refused := files.refusal(data):
        complaints.append(Complaint("file", str(refused)))
    for code in i18n.LANGUAGES:
        is_needed = code == i18n.DEFAULT or values.get(f"stem.{code}", "").strip()
        if is_needed and not values.get(f"file_said.{code}", "").strip():
            said = _("Say in words what is to be seen or heard: some cannot see or hear it.")
            complaints.append(Complaint(f"file_said.{code}", said))
    if complaints:
        return _form(desk, values, more=complaints, is_sent=True)
    files.keep(data)
    name = names.clean((upload.filename if upload else "") or "tep").replace("/", "-").replace("\\", "-")[-100:]
    values, name = frame.with_file(values, name, files.digest(data))
    for code in i18n.LANGUAGES:
        if said := values.pop(f"file_said.{code}", "").strip():
            values = frame.with_file_shown(values, EDITORS[desk.type_key], code, name, said, data)
    return _form(desk, values)


def _read(desk: Desk, values: Values) -> Written:
    by_name = {name: files.content(sha256) for name, sha256 in frame.file_names(values).items()}
    linked = file_links.named(value for name, value in values.items() if not name.startswith("files."))
    written = frame.read(
        values,
        EDITORS[desk.type_key],
        question_types.get(desk.type_key),
        i18n.LANGUAGES,
        files={name: data for name, data in by_name.items() if name in linked or (desk.before and name in desk.before.files)},
        before=desk.before,
    )
    wrong = []
    allowed = {str(category.id) for category, _path, _count in queries.categories(rules.units_of(actor()), to_write=True)}
    if values.get("category") not in allowed:
        wrong.append(Complaint("category", _("Choose a category.")))
    if values.get("state") not in editing.STATES:
        wrong.append(Complaint("state", _("Choose a state.")))
    return Written(written.draft, (*written.complaints, *wrong))


def _form(
    desk: Desk,
    values: Values,
    *,
    written: Written | None = None,
    is_sent: bool = False,
    more: list[Complaint] | None = None,
    status: int = 200,
    **told: Any,
) -> ResponseReturnValue:
    """Draw the form with all that is written in it, and the question as its learners will see it."""
    editor = EDITORS[desk.type_key]
    written = written or _read(desk, values)
    # An empty form is not full of mistakes, and neither is one in the middle of writing.
    complaints = [*(written.complaints if is_sent or request.form.get("act") == "check" else ()), *(more or ())]
    page = render_template(
        "quizzes/edit.html",
        desk=desk,
        editor=editor,
        values=values,
        complaints=complaints,
        complaint_of={each.name: each for each in reversed(complaints) if each.name},
        errors=[each for each in complaints if each.severity is Severity.ERROR],
        stem=frame.stem_part(editor),
        feedback=frame.feedback_parts(editor),
        marks=frame.mark_parts(),
        label_parts=frame.label_parts(),
        languages=i18n.LANGUAGES,
        missing=lambda name: frame.missing_languages(values, name, i18n.LANGUAGES),
        row_count=lambda name: parts.row_count(values, name),
        categories=queries.categories(rules.units_of(actor()), to_write=True),
        files=frame.file_names(values),
        type_label=question_types.label(desk.type_key),
        looked=_looked(written) if written.is_usable else [],
        drawn_on=_drawn_on(values),
        is_usable=written.is_usable,
        **told,
    )
    return page, 422 if is_sent else status


def _looked(written: Written) -> list[tuple[str, showing.Shown, showing.Verdict]]:
    draft, question_type = written.draft, question_types.get(written.draft.type)
    texts = Texts(file_links.shown(draft.texts.by_language, {name: _address(name, data) for name, data in draft.files.items()}))
    return [
        (
            code,
            *showing.tell(
                question_type,
                draft.body,
                texts,
                slot=number,
                order=[],
                response=question_type.right_answer(draft.body),
                items=frozenset(Item),
                language=code,
            ),
        )
        for number, code in enumerate(draft.texts.languages)
    ]


def _drawn_on(values: Values) -> str:
    """Return where the picture is found whose places are being written, once it is there and its size is known; else nothing."""
    if not all(values.get(name, "").strip().isdecimal() for name in ("width", "height")):
        return ""
    linked = file_links.named(values.get(f"picture.{code}", "") for code in i18n.LANGUAGES)
    for name, sha256 in frame.file_names(values).items():
        if name in linked and (data := files.content(sha256)):
            return _address(name, data)
    return ""


def _address(name: str, data: bytes) -> str:
    """Return where the preview finds a file; a picture that no question has yet stands in the address itself."""
    if files.is_picture(data) and len(data) <= LARGEST_IN_PREVIEW:
        return f"data:{files.media_type_of(data)};base64,{b64encode(data).decode()}"
    return file_links.address(files.digest(data), name)


def _may_begin(places: list[tuple[Category, str, int]]) -> bool:
    allow(rules.may_write_anywhere(actor()))
    return bool(places)

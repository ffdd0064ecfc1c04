"""Pages of exceptions: who is exempt, and whose training from elsewhere counts."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lms.core import clock, files
from lms.core.db import session
from lms.core.errors import Invalid, LmsError
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_
from lms.core.models import File
from lms.programmes import exemptions, queries_exceptions, recognising, rules
from lms.programmes.exemptions import REASONS
from lms.programmes.forms_exceptions import EndForm, ExemptionForm, RecognitionForm
from lms.programmes.models import Recognition
from lms.programmes.recognising import Document
from lms.schools import queries as schools
from lms.schools.queries import PersonPage
from lms.web import portions, transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("exceptions", __name__, template_folder="templates")

COPIES = ("application/pdf", "image/png", "image/jpeg")


class NotACopy(Invalid):
    code = "copy_of_document"
    message = lazy_("A copy is a PDF or a picture (PNG, JPEG).")


@dataclass(frozen=True)
class _Copy:
    """A stored copy as it is sent."""

    file_id: int
    name: str
    media_type: str
    size: int


@bp.get("/exceptions")
@signed_in
def index() -> ResponseReturnValue:
    """List what waits for a decision, and who is exempt, in one's own units."""
    allow(rules.may_except_some(actor()))
    units, today, words = rules.units_excepted(actor()), clock.today(), request.args.get("words", "")[:100]
    return render_template(
        "programmes/exceptions.html",
        waiting=queries_exceptions.waiting(units, today),
        running=queries_exceptions.running(units, today, words),
        reasons=REASONS,
        words=words,
        most=queries_exceptions.MOST,
        account_id=actor().account_id,
        person_id=actor().person_id,
    )


@bp.route("/people/<int:person_id>/exemptions/new", methods=["GET", "POST"])
@signed_in
def exempt(person_id: int) -> ResponseReturnValue:
    """Exempt somebody of the staff from a programme for some time."""
    page = _person(person_id)
    allow(rules.may_except(actor(), person_id, page.works_at(clock.today())))
    form = ExemptionForm.from_request(data={"from_day": clock.today()})
    form.offer(queries_exceptions.staff_programmes(clock.today()))
    if form.accepted():
        assert form.from_day.data
        try:
            file_id, name = _kept(form.copy.data)
            exemptions.approve(
                person_id=person_id,
                programme_id=int(form.programme.data),
                reason=form.reason.data or "",
                from_day=form.from_day.data,
                until_day=_day_after(form.last_day.data),
                by=actor().account_id,
                note=form.note.data or "",
                file_id=file_id,
                file_name=name,
            )
        except LmsError as error:
            transactions.failed()
            return _form("programmes/exempt.html", person_id, form, said=str(error))
        flash(_("{name} is exempt.", name=page.person.full_name), "done")
        return redirect(url_for("programmes.training", person_id=person_id))
    return _form("programmes/exempt.html", person_id, form)


@bp.route("/exemptions/<int:exemption_id>/end", methods=["GET", "POST"])
@signed_in
def end(exemption_id: int) -> ResponseReturnValue:
    """Let an exemption end on another day."""
    row = found(queries_exceptions.exemption(exemption_id))
    person_id, today = row.person_id, clock.today()
    page = _person(person_id)
    allow(rules.may_except(actor(), person_id, page.works_at(today)))
    form = EndForm.from_request(data={"last_day": row.until_day - timedelta(days=1) if row.until_day else today})
    if form.accepted():
        until_day = _day_after(form.last_day.data)
        assert until_day
        try:
            exemptions.end(row, until_day, by=actor().account_id)
        except LmsError as error:
            transactions.failed()
            return _form("programmes/exempt_end.html", person_id, form, said=str(error), row=queries_exceptions.exemption(exemption_id))
        flash(_("The exemption ends on {day}.", day=(until_day - timedelta(days=1)).strftime("%d/%m/%Y")), "done")
        return redirect(url_for("programmes.training", person_id=person_id))
    return _form("programmes/exempt_end.html", person_id, form, row=row)


@bp.get("/exemptions/<int:exemption_id>/copy")
@signed_in
def exemption_copy(exemption_id: int) -> ResponseReturnValue:
    """Send the document behind an exemption."""
    row = found(queries_exceptions.exemption(exemption_id))
    allow(rules.may_except(actor(), row.person_id, _person(row.person_id).works_at(clock.today())))
    return _sent(row.file_id, row.file_name)


@bp.route("/people/<int:person_id>/recognitions/new", methods=["GET", "POST"])
@signed_in
def propose(person_id: int) -> ResponseReturnValue:
    """Bring in a document of training from elsewhere."""
    page = _person(person_id)
    allow(rules.may_propose(actor(), person_id, page.works_at(clock.today())))
    form = RecognitionForm.from_request()
    form.offer(queries_exceptions.staff_programmes(clock.today()))
    if form.accepted():
        assert form.from_day.data
        try:
            file_id, name = _kept(form.copy.data)
            document = Document(form.document.data or "", form.issuer.data or "", form.from_day.data, form.valid_until.data, file_id, name)
            recognising.propose(person_id, int(form.programme.data), document, by=actor().account_id)
        except LmsError as error:
            transactions.failed()
            return _form("programmes/recognise.html", person_id, form, said=str(error))
        flash(_("The document waits for a second person to approve it."), "done")
        return redirect(url_for("programmes.training", person_id=person_id))
    return _form("programmes/recognise.html", person_id, form)


@bp.post("/recognitions/<int:recognition_id>/decide")
@signed_in
def decide(recognition_id: int) -> ResponseReturnValue:
    """Approve or refuse a document as the second person."""
    row, page = _recognition(recognition_id)
    allow(rules.may_except(actor(), row.person_id, page.works_at(clock.today())))
    try:
        if request.form.get("act") == "approve":
            recognising.approve(row, by=actor().account_id)
        else:
            recognising.refuse(row, request.form.get("reason", ""), by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
    else:
        approved = row.state == "approved"
        flash(_("It counts as training now.") if approved else _("It was refused. {name} is told why.", name=page.person.full_name), "done")
    return redirect(url_for(".index"))


@bp.get("/recognitions/<int:recognition_id>/copy")
@signed_in
def recognition_copy(recognition_id: int) -> ResponseReturnValue:
    """Send the copy of a document to whoever brought it in, to its holder, and to those who decide."""
    row, page = _recognition(recognition_id)
    allow(rules.may_propose(actor(), row.person_id, page.works_at(clock.today())))
    return _sent(row.file_id, row.file_name)


def _person(person_id: int) -> PersonPage:
    return found(schools.person_page(person_id, clock.today()))


def _recognition(recognition_id: int) -> tuple[Recognition, PersonPage]:
    row = found(queries_exceptions.recognition(recognition_id))
    return row, _person(row.person_id)


def _form(
    template: str, person_id: int, form: ExemptionForm | EndForm | RecognitionForm, *, said: str = "", **more: object
) -> ResponseReturnValue:
    page = render_template(template, person=_person(person_id).person, form=form, said=said, reasons=REASONS, **more)
    return page, 422 if said or form.errors else 200


def _day_after(last_day: date | None) -> date | None:
    """Return the day from which something no longer holds, which people name by its last day."""
    return last_day + timedelta(days=1) if last_day else None


def _kept(upload: FileStorage | None) -> tuple[int | None, str]:
    """Keep a copy that was chosen; return the id of its file and its name.  Raises NotACopy, FileNotTaken, FileTooLarge."""
    if not upload or not upload.filename:
        return None, ""
    data = upload.read()
    if files.media_type_of(data) not in COPIES:
        raise NotACopy()
    return files.keep(data), upload.filename[-100:]


def _sent(file_id: int | None, name: str) -> ResponseReturnValue:
    file = session.get_one(File, found(file_id))
    return portions.sent(_Copy(file.id, name, file.media_type, file.size))

"""Pages of certificates: one's own, the PDF, and the public check."""

from io import BytesIO

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import queries, rules, serials, verifying
from lms.certificates.drawing import draw
from lms.certificates.facts import Statement, initials
from lms.certificates.forms import VerifyForm
from lms.core import clock, i18n, names
from lms.web import transactions
from lms.web.guards import allow, found, public, signed_in
from lms.web.signin import actor
from lms.web.throttle import limiter

bp = Blueprint("certificates", __name__, template_folder="templates")


@bp.route("/certificates")
@signed_in
def mine() -> ResponseReturnValue:
    """Show the certificates of the person who asks."""
    rows = [(certificate, Statement.from_json(certificate.facts)) for certificate in queries.of_person(actor().person_id)]
    return render_template("certificates/mine.html", rows=rows, today=clock.today())


@bp.route("/certificates/<code>.pdf")
@signed_in
def pdf(code: str) -> ResponseReturnValue:
    """Draw a certificate; ``?language=en`` gives it in English."""
    certificate = found(queries.by_code(code))
    allow(rules.may_open(actor(), certificate))
    statement = Statement.from_json(certificate.facts)
    language = request.args.get("language", "vi")
    content = draw(statement, language=language if language in i18n.LANGUAGES else "vi", verify_url=_public_url(code))
    name = f"GCN-{statement.serial.split('/')[0]}-{statement.issued_on.year}-{names.fold(statement.holder.full_name).replace(' ', '-')}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=name, as_attachment="download" in request.args)


@bp.route("/verify", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def verify() -> ResponseReturnValue:
    """Let anybody check a code, a serial number or a PDF; nothing of it is kept."""
    form = VerifyForm.from_request()
    if form.accepted():
        if form.file.data:
            # Reading and drawing take their time, and others want to write meanwhile.
            with transactions.reading():
                verdict = verifying.by_pdf(form.file.data.read(), base_url=_base_url())
            return _show(verdict, pdf_checked=True)
        if form.text.data:
            code = serials.read_code(form.text.data)
            return redirect(url_for(".verified", code=code)) if code else _show(verifying.by_text(form.text.data))
    return render_template("certificates/verify.html", form=form)


@bp.route("/verify/<code>")
@public
@limiter.limit("60/minute")
def verified(code: str) -> ResponseReturnValue:
    """Say whether a certificate is genuine; the QR code on paper opens this page."""
    return _show(verifying.by_text(code))


def _show(verdict: verifying.Verdict, *, pdf_checked: bool = False) -> ResponseReturnValue:
    statement = verdict.statement
    # A paper that differs must not be completed by us: what we hold is not shown then.
    shown = statement if verdict.is_genuine else None
    name = ""
    if shown:
        name = initials(shown.holder.full_name) if shown.holder.is_minor else shown.holder.full_name
    revoked_at = queries.changed_at(verdict.certificate) if verdict.certificate and verdict.state == "revoked" else None
    page = render_template(
        "certificates/verified.html",
        revoked_at=revoked_at,
        verdict=verdict,
        s=shown,
        name=name,
        pdf_checked=pdf_checked,
        checked_at=clock.now(),
    )
    return page, 404 if verdict.state == "unknown" else 200


def _base_url() -> str:
    url: str = current_app.extensions["settings"].base_url
    return url


def _public_url(code: str) -> str:
    return f"{_base_url()}{url_for('.verified', code=code)}"

"""Whether a certificate is genuine: by its code, by its serial, or by the PDF itself."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from lms.certificates import serials
from lms.certificates.drawing import draw
from lms.certificates.facts import Statement, hash_of
from lms.certificates.models import Certificate
from lms.core import clock, pdf
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_

_CODE_IN_TEXT = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b")


class NotAPdf(Invalid):
    code = "not_a_pdf"
    message = lazy_("This file is not a PDF that can be read. Choose the certificate as it was downloaded, or type the code printed on it.")


@dataclass(frozen=True)
class Verdict:
    """What we know of a certificate that somebody shows us.

    ``state`` is "valid", "expired", "superseded", "revoked", "altered" (it
    differs from what we issued) or "unknown" (we never issued it);
    ``different`` names the lines of a PDF that are not ours, as they read there.
    """

    state: str
    statement: Statement | None = None
    certificate: Certificate | None = None
    different: tuple[str, ...] = ()

    @property
    def is_genuine(self) -> bool:
        return self.state in ("valid", "expired", "superseded", "revoked")


def by_text(text: str) -> Verdict:
    """Return the verdict on a code or a serial number that somebody typed."""
    code = serials.read_code(text)
    wanted = Certificate.code == code if code else Certificate.serial == text.strip()
    return _verdict(session.scalar(select(Certificate).where(wanted)))


def by_pdf(content: bytes, *, base_url: str) -> Verdict:
    """Return the verdict on a PDF: every line must read as in the one that we draw from our facts.

    Raises NotAPdf when the file cannot be read.
    """
    shown = _lines(content)
    code = next((match[1] for line in shown if (match := _CODE_IN_TEXT.search(line))), None)
    verdict = by_text(code) if code else Verdict("unknown")
    if verdict.statement is None:
        return verdict
    best: tuple[str, ...] | None = None
    for language in ("vi", "en"):
        ours = draw(verdict.statement, language=language, verify_url=f"{base_url}/verify/{verdict.statement.code}")
        if content == ours:
            return verdict
        drawn = _lines(ours)
        strange = tuple(line for line in shown if line not in drawn) + tuple("" for line in drawn if line not in shown)
        if best is None or len(strange) < len(best):
            best = strange
    if not best:
        return verdict  # printed to PDF again, or saved by another program: it reads the same
    return Verdict("altered", verdict.statement, verdict.certificate, tuple(line for line in best if line))


def _verdict(certificate: Certificate | None) -> Verdict:
    if certificate is None:
        return Verdict("unknown")
    statement = Statement.from_json(certificate.facts)
    if hash_of(certificate.facts) != certificate.facts_hash:
        return Verdict("altered", statement, certificate)
    state = certificate.state
    if state == "valid" and certificate.valid_until is not None and certificate.valid_until <= clock.today():
        state = "expired"
    return Verdict(state, statement, certificate)


def _lines(content: bytes) -> list[str]:
    try:
        return pdf.lines(content)
    except pdf.NotRead as error:
        raise NotAPdf() from error

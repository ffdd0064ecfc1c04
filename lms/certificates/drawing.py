"""Drawing a certificate as PDF: the same facts give the same bytes."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lms.certificates.facts import Statement
from lms.core import i18n, pdf, qr

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "designs"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def draw(statement: Statement, *, language: str, verify_url: str) -> bytes:
    """Return the certificate as PDF, A4 landscape, one page.

    ``verify_url`` is the public page of this certificate; the QR code opens it.
    Raises lms.core.pdf.NotDrawn when the design or a font is broken.
    """
    with i18n.in_language(language):
        html = _TEMPLATES.get_template("official.html").render(
            s=statement,
            language=language,
            _=i18n.gettext,
            text=i18n.localised,
            qr=qr.png(verify_url),
            verify_url=verify_url.removeprefix("https://").removeprefix("http://"),
            name_size=_name_size(statement.holder.full_name),
            percent=_percent(statement.achievement.share, language),
        )
        title = i18n.gettext("Certificate {serial}", serial=statement.serial)
    return pdf.render(html, title=title, author=statement.issuer.name)


def _name_size(name: str) -> int:
    """Return the size in points at which a name fits one line."""
    return 27 if len(name) <= 30 else 22 if len(name) <= 42 else 17


def _percent(share: float | None, language: str) -> str:
    if share is None:
        return ""
    text = f"{int(share * 1000 + 1e-9) / 10:g} %"
    return text.replace(".", ",") if language == "vi" else text

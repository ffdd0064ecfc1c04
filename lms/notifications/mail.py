"""Writing mails: a subject and a plain text in the reader's language, and the envelope around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lms.core import clock, i18n, names

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Letter:
    """A mail as the reader sees it."""

    subject: str
    text: str


def write(kind: str, language: str, values: Mapping[str, Any]) -> Letter:
    """Write the letter of a kind: the first line of its template is the subject, the rest after a blank line the text."""
    template = _environment().get_template(f"notifications/mail/{kind}.{language}.txt")
    with i18n.in_language(language):
        subject, _, text = template.render(**values).partition("\n")
    # A subject is one line, whatever a title in it holds.
    return Letter(names.clean(subject), text.strip() + "\n")


def envelope(letter: Letter, *, to_name: str, to_address: str, sender: str) -> EmailMessage:
    """Return the letter ready to be posted; ``sender`` is "Name <address>".

    Raises ValueError when the address is none.
    """
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(names.clean(to_name), addr_spec=to_address)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
    # Out-of-office robots do not answer these, RFC 3834.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters.update(localised=i18n.localised, day=_day)
    return environment


def _day(value: str | date | datetime) -> str:
    """Return 05/10/2026 for a day, also one that came out of JSON."""
    return (date.fromisoformat(value) if isinstance(value, str) else value).strftime("%d/%m/%Y")

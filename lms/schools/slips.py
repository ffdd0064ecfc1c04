"""Login slips for staff and cards for pupils: several on a page of A4, with cut lines and a QR code."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from lms.accounts import accounts, links
from lms.accounts.accounts import CardPassword
from lms.accounts.models import Account, Person
from lms.core import audit, i18n, pdf, qr
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_

MOST = 200  # of one document; a school prints class by class
PER_PAGE = 8
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "designs"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class NobodyToPrint(Invalid):
    code = "nobody_to_print"
    message = lazy_(
        "There is nobody to print for: all of them have signed in before. For a forgotten password open the page of the person."
    )


@dataclass(frozen=True)
class Slip:
    """What is printed for one person; the address in the QR code opens the account once."""

    full_name: str
    below: str  # class, or department
    username: str
    password: str  # empty: one is chosen after scanning
    url: str


def of_staff(account_ids: Sequence[int], *, base_url: str, below: dict[int, str], by: int | None) -> list[Slip]:
    """Make slips that let staff in once, to choose a password; slips printed before open nothing any more."""
    slips = []
    for account in _accounts(account_ids):
        links.withdraw(account, "card")
        secret = links.make(account, "card", valid=links.CARD)
        slips.append(Slip(account.person.full_name, below.get(account.id, ""), account.username, "", f"{base_url}/card/{secret}"))
    _note(slips, account_ids, by)
    return slips


def of_pupils(
    account_ids: Sequence[int], *, base_url: str, below: dict[int, str], by: int | None, ready: Sequence[CardPassword] = ()
) -> list[Slip]:
    """Make cards with a new password each; what a pupil had before opens nothing any more.

    ``ready`` are passwords made before; where there are none left, they are made here.
    """
    slips = []
    for account, given in zip_longest(_accounts(account_ids), ready):
        if account is None:
            break
        password = accounts.give_card_password(account, by=by, ready=given)
        secret = links.make(account, "card", valid=links.CARD)
        slips.append(Slip(account.person.full_name, below.get(account.id, ""), account.username, password, f"{base_url}/card/{secret}"))
    _note(slips, account_ids, by)
    return slips


def draw(slips: Sequence[Slip], *, place: str, base_url: str, language: str) -> bytes:
    """Return the slips as PDF: A4, two columns, eight on a page. Raises lms.core.pdf.NotDrawn."""
    pages = [slips[start : start + PER_PAGE] for start in range(0, len(slips), PER_PAGE)]
    with i18n.in_language(language):
        html = _TEMPLATES.get_template("slips.html").render(
            pages=[[page[start : start + 2] for start in range(0, len(page), 2)] for page in pages],
            place=place,
            site=base_url.removeprefix("https://").removeprefix("http://"),
            language=language,
            qr=lambda url: qr.png(url, scale=4),
            _=i18n.gettext,
        )
        title = i18n.gettext("Login slips, {place}", place=place)
    return pdf.render(html, title=title)


def _accounts(account_ids: Sequence[int]) -> list[Account]:
    if not account_ids:
        raise NobodyToPrint()
    return list(
        session.scalars(
            select(Account)
            .join(Person, Person.id == Account.person_id)
            .where(Account.id.in_(account_ids), Account.disabled.is_(False))
            .order_by(Person.sort_key, Person.id)
            .limit(MOST)
        )
    )


def _note(slips: Sequence[Slip], account_ids: Sequence[int], by: int | None) -> None:
    session.flush()
    audit.record("slips.printed", f"accounts:{len(slips)}", account_id=by, accounts=sorted(account_ids)[:MOST])

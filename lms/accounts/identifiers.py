"""Numbers by which other systems know a person; kept as keyed hashes, so that a stolen table names nobody."""

import hashlib
import hmac
from collections.abc import Iterable

from sqlalchemy import select

from lms.accounts.models import Identifier, Person
from lms.core import names
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_

_SHOWN = 3  # last characters that stay readable, so that people can tell two numbers apart
_ROUND = 500  # hashes asked for in one query
_keys: list[bytes] = []


class IdentifierTaken(Conflict):
    code = "identifier_taken"
    message = lazy_("This number belongs to another person already.")


def configure(key: str) -> None:
    """Derive the key of the hashes from the installation's secret key."""
    _keys[:] = [hmac.new(key.encode(), b"identifiers", hashlib.sha256).digest()]


def keyed_hash(kind: str, scope: str, value: str, key: bytes) -> str:
    """Return the hash of a number; the same number of another kind or school has another hash."""
    return hmac.new(key, "\x1f".join((kind, scope, _plain(value))).encode(), hashlib.sha256).hexdigest()


def hash_of(kind: str, scope: str, value: str) -> str:
    """Return the hash of a number under this installation's key."""
    return keyed_hash(kind, scope, value, _key())


def last_characters(value: str) -> str:
    """Return the end of a number that may be shown; of a short one it would be all, so it is less."""
    plain = _plain(value)
    return plain[-min(_SHOWN, len(plain) // 2) :] if len(plain) > 1 else ""


def add(person: Person, kind: str, value: str, scope: str = "", *, import_id: int | None = None) -> Identifier:
    """Note that the person has this number; noting it again changes nothing.

    ``scope`` is the unit code for numbers that a school gives itself.  Raises
    IdentifierTaken when it is another person's.
    """
    hashed = hash_of(kind, scope, value)
    known = session.scalar(select(Identifier).where(Identifier.kind == kind, Identifier.scope == scope, Identifier.hash == hashed))
    if known is not None:
        if known.person_id != person.id:
            raise IdentifierTaken()
        return known
    identifier = Identifier(
        person_id=person.id, kind=kind, scope=scope, hash=hashed, last_characters=last_characters(value), import_id=import_id
    )
    session.add(identifier)
    session.flush()
    return identifier


def find(kind: str, scope: str, value: str) -> Person | None:
    """Return the person with this number."""
    hashed = keyed_hash(kind, scope, value, _key())
    return session.scalar(
        select(Person)
        .join(Identifier, Identifier.person_id == Person.id)
        .where(Identifier.kind == kind, Identifier.scope == scope, Identifier.hash == hashed)
    )


def find_many(kind: str, scope: str, values: Iterable[str]) -> dict[str, int]:
    """Return value -> person id for those of the values that are known."""
    by_hash = {keyed_hash(kind, scope, value, _key()): value for value in values}
    hashes = sorted(by_hash)
    found: dict[str, int] = {}
    for start in range(0, len(hashes), _ROUND):
        rows = session.execute(
            select(Identifier.hash, Identifier.person_id).where(
                Identifier.kind == kind, Identifier.scope == scope, Identifier.hash.in_(hashes[start : start + _ROUND])
            )
        )
        found.update({by_hash[row.hash]: row.person_id for row in rows})
    return found


def _plain(value: str) -> str:
    """Return the number as it counts: " gv 001" is "GV001"."""
    return "".join(names.clean(value).upper().split())


def _key() -> bytes:
    if not _keys:
        raise RuntimeError("identifiers.configure(key) was not called")
    return _keys[0]

"""Usernames that can be said aloud: nguyen.thi.thu.huong, then nguyen.thi.thu.huong.2."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count

from sqlalchemy import select, text

from lms.accounts.models import Account
from lms.core import names
from lms.core.db import session

LONGEST = 50  # characters, so that a number still fits behind
_ROUND = 500  # names asked for in one query


def spoken(full_name: str) -> str:
    """Return the username that a name asks for: its words without tone marks, joined by dots."""
    words = re.findall(r"[a-z0-9]+", names.fold(full_name))
    username = ".".join(words)[:LONGEST].strip(".")
    return username if is_well_formed(username) else "tai.khoan"


def is_well_formed(username: str) -> bool:
    """Return whether a username is one of ours; without @, so that it is never an e-mail address."""
    return re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]", username) is not None


def free(full_names: Iterable[str]) -> list[str]:
    """Return one free username for each name, in order.

    They stay free until this transaction ends: nobody else makes usernames
    meanwhile.
    """
    _one_at_a_time()
    bases = [spoken(name) for name in full_names]
    supply = {base: iter(found) for base, found in _free_ones(Counter(bases)).items()}
    return [next(supply[base]) for base in bases]


def _free_ones(wanted: Counter[str]) -> dict[str, list[str]]:
    """Return as many free usernames per base as are wanted, asking by whole names so that the index serves."""
    given: set[str] = set()
    found: dict[str, list[str]] = {base: [] for base in wanted}
    streams = {base: _numbered(base) for base in wanted}
    width = 2
    while missing := [base for base, number in wanted.items() if len(found[base]) < number]:
        tried = {base: [next(streams[base]) for _ in range(width + wanted[base])] for base in missing}
        taken = _taken(name for candidates in tried.values() for name in candidates)
        for base, candidates in tried.items():
            for name in candidates:
                # The name "Lê An 2" asks for what the second "Lê An" gets: whoever comes first has it.
                if name not in taken and name not in given and len(found[base]) < wanted[base]:
                    found[base].append(name)
                    given.add(name)
        width *= 4
    return found


def _numbered(base: str) -> Iterator[str]:
    yield base
    for number in count(2):
        yield f"{base}.{number}"


def _taken(candidates: Iterable[str]) -> set[str]:
    asked = sorted(set(candidates))
    taken: set[str] = set()
    for start in range(0, len(asked), _ROUND):
        taken.update(session.scalars(select(Account.username).where(Account.username.in_(asked[start : start + _ROUND]))))
    return taken


def _one_at_a_time() -> None:
    # SQLite has one writer anyway; PostgreSQL needs a lock so that two imports do not choose the same free name.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7202)"))

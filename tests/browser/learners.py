"""Gives passwords to teachers of a demo site who have begun nothing: python -m tests.browser.learners COUNT; prints their usernames."""

import json
import sys

from sqlalchemy import select

from lms.accounts import accounts
from lms.accounts.models import Account
from lms.app import create_app
from lms.core import db
from lms.core.db import session
from lms.demo.filling import PASSWORD, players
from lms.learning.models import Enrolment
from lms.schools.models import Post


def prepare(count: int) -> list[str]:
    """Return the usernames of so many teachers of the school that the demo shows, none of whom is one of its players."""
    taken = {player.username for player in players()}
    head = next(player for player in players() if player.role == "head_teacher")
    school = select(Post.unit_id).join(Account, Account.person_id == Post.person_id).where(Account.username == head.username)
    learns = select(Enrolment.person_id).where(Enrolment.started_at.is_not(None))
    free = session.scalars(
        select(Account)
        .join(Post, Post.person_id == Account.person_id)
        .where(Post.unit_id.in_(school), Post.replaced_at.is_(None), Account.username.not_in(taken), Account.person_id.not_in(learns))
        .order_by(Account.id.desc())
    ).unique()
    chosen = list(free)[:count]
    for account in chosen:
        accounts.set_password(account, PASSWORD)
    return [account.username for account in chosen]


def main() -> None:
    """Print the usernames as JSON."""
    with create_app().app_context(), db.transaction():
        sys.stdout.write(json.dumps(prepare(int(sys.argv[1]))) + "\n")


if __name__ == "__main__":
    main()

"""Who may open a certificate."""

from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.core import clock
from lms.core.db import session
from lms.schools import access
from lms.schools.models import Post
from lms.web.signin import Actor


def may_open(actor: Actor, certificate: Certificate) -> bool:
    """Return whether it is the actor's own, or that of somebody who works where the actor may see people."""
    if certificate.person_id is None:
        return False
    if certificate.person_id == actor.person_id:
        return True
    today = clock.today()
    units = session.scalars(
        select(Post.unit_id).where(
            Post.person_id == certificate.person_id,
            Post.replaced_at.is_(None),
            Post.from_day <= today,
            (Post.until_day.is_(None)) | (Post.until_day > today),
        )
    )
    return any(access.may(actor, "see_people", unit_id) for unit_id in units)

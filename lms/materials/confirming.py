"""Confirming to have read a document: an entry of its own for each edition."""

from lms.core import clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses.materials import Material
from lms.courses.steps import Step
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.materials import settings
from lms.materials.models import Acknowledgement

SOURCE = "acknowledged"


class OtherEdition(Conflict):
    code = "other_edition"
    message = lazy_("The document was changed since you opened this page. Read what is there now, then confirm that.")


def confirm(enrolment_id: int, step: Step, material: Material, *, seen: str, by: int) -> None:
    """Write down that the learner of an enrolment read this document; twice is once.

    ``seen`` is the SHA-256 of what the page showed.  Raises OtherEdition.
    """
    if seen != material.sha256:
        raise OtherEdition()
    enrolment = session.get_one(Enrolment, enrolment_id)
    row = {
        "person_id": enrolment.person_id,
        "course_id": enrolment.course_id,
        "activity_key": step.key,
        "version_id": enrolment.version_id,
        "edition": settings.document(step.settings, confirmed=True).edition,
        "sha256": material.sha256,
        "at": clock.now(),
        "by_account_id": by,
    }
    insert_new(Acknowledgement, [row])
    outcomes.record(enrolment_id, step.key, source=SOURCE, evidence=f"document:{material.sha256[:16]}")

"""What the pages of papers show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.core.models import File
from lms.quizzes.marking import rules
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.bank import QuestionFile, QuestionVersion
from lms.quizzes.models.paper import Paper, PaperSheet
from lms.schools import facts
from lms.schools.models import Place, Post
from lms.web.signin import Actor


@dataclass(frozen=True)
class PaperLine:
    """A paper in the list."""

    id: int
    language: str
    variants: int
    created_at: datetime
    sheets: int


@dataclass(frozen=True)
class SheetLine:
    """A person who may have written a paper, with what was brought in so far."""

    person_id: int
    name: str
    variant: str = ""
    written: str = ""
    share: float | None = None
    passed: bool | None = None


def papers_of(quiz_id: int) -> list[PaperLine]:
    """Return the papers of a quiz, the latest first.  One statement."""
    rows = session.execute(
        select(Paper, func.count(PaperSheet.id))
        .outerjoin(PaperSheet, PaperSheet.paper_id == Paper.id)
        .where(Paper.quiz_id == quiz_id)
        .group_by(Paper.id)
        .order_by(Paper.id.desc())
    )
    return [PaperLine(paper.id, paper.language, len(paper.variants), paper.created_at, sheets) for paper, sheets in rows]


def sheets_of(actor: Actor, paper: Paper, audience: str, group_id: int) -> list[SheetLine]:
    """Return the people of a class (or unit of staff) that the actor looks after, by name, with their sheets.  One statement."""
    day = clock.today()
    in_group = (
        select(Place.person_id).where(Place.class_id == group_id, facts.true_on(Place, day))
        if audience == "pupils"
        else select(Post.person_id).where(Post.unit_id == group_id, facts.true_on(Post, day))
    )
    rows = session.execute(
        select(Person, PaperSheet.variant, PaperSheet.written, Attempt.share, Attempt.passed)
        .outerjoin(PaperSheet, (PaperSheet.person_id == Person.id) & (PaperSheet.paper_id == paper.id))
        .outerjoin(Attempt, Attempt.id == PaperSheet.attempt_id)
        .where(Person.id.in_(in_group), Person.id.in_(rules.learners(actor, audience)))
        .order_by(Person.sort_key, Person.id)
    )
    return [
        SheetLine(person.id, person.full_name, variant or "", written or "", share, passed)
        for person, variant, written, share, passed in rows
    ]


def versions(version_ids: Collection[int]) -> dict[int, QuestionVersion]:
    """Return these versions by their id.  One statement."""
    return {row.id: row for row in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(version_ids)))}


def pictures(version_ids: Collection[int]) -> dict[int, dict[str, tuple[str, bytes]]]:
    """Return the pictures in the texts of these versions: version -> name -> media type and bytes.  One statement."""
    found: dict[int, dict[str, tuple[str, bytes]]] = {}
    rows: Sequence[tuple[int, str, str, bytes]] = session.execute(
        select(QuestionFile.version_id, QuestionFile.name, File.media_type, File.content)
        .join(File, File.id == QuestionFile.file_id)
        .where(QuestionFile.version_id.in_(version_ids), File.media_type.startswith("image/"))
    ).all()  # type: ignore[assignment]
    for version_id, name, media_type, content in rows:
        found.setdefault(version_id, {})[name] = (media_type, content)
    return found


def sheet(paper_id: int, person_id: int) -> PaperSheet | None:
    return session.scalar(select(PaperSheet).where(PaperSheet.paper_id == paper_id, PaperSheet.person_id == person_id))

"""Reading files of steps and who confirmed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.accounts.models import Person
from lms.core import clock, files, i18n, names
from lms.core.db import session
from lms.courses import captions as caption_files
from lms.courses import materials as stored
from lms.courses.captions import Cue
from lms.courses.materials import Material
from lms.courses.models import Course
from lms.materials.models import Acknowledgement
from lms.materials.settings import Files
from lms.schools import access, facts, tree
from lms.schools.models import Post

MOST_LINES = 500  # of a list on a page; a search finds the others


@dataclass(frozen=True)
class Confirmed:
    """That somebody confirmed an edition."""

    edition: str
    sha256: str
    at: datetime


@dataclass(frozen=True)
class ConfirmationLine:
    """Somebody of the staff, and when they confirmed the edition asked for; None when they did not."""

    person_id: int
    name: str
    unit_name: str
    at: datetime | None


@dataclass(frozen=True)
class Confirmations:
    """Who of some units confirmed an edition; ``lines`` are at most MOST_LINES of ``people``."""

    people: int
    confirmed: int
    lines: list[ConfirmationLine]


def shown(version_id: int, chosen: Files) -> Material | None:
    """Return the file in the reader's language, else in the first; None when there is none."""
    path = chosen.of(i18n.language())
    return stored.of_version(version_id, [path]).get(path) if path else None


def captions(version_id: int, paths: Mapping[str, str]) -> dict[str, Material]:
    """Return the files of captions by language, that of the reader first."""
    found = stored.of_version(version_id, list(paths.values()))
    languages = sorted(paths, key=lambda language: language != i18n.language())
    return {language: found[paths[language]] for language in languages if paths[language] in found}


def cues(material: Material) -> list[Cue]:
    """Return what a file of captions says; it was looked through before it was kept."""
    return caption_files.read(files.stored(material.file_id).content)


def confirmed(person_id: int, slug: str, key: str) -> list[Confirmed]:
    """Return what somebody confirmed at an activity, the newest first."""
    rows = session.execute(
        select(Acknowledgement.edition, Acknowledgement.sha256, Acknowledgement.at)
        .join(Course, Course.id == Acknowledgement.course_id)
        .where(Acknowledgement.person_id == person_id, Course.slug == slug, Acknowledgement.activity_key == key)
        .order_by(Acknowledgement.at.desc(), Acknowledgement.id.desc())
    )
    return [Confirmed(*row) for row in rows]


def confirmations(unit_ids: Sequence[int], course_id: int, key: str, sha256: str, words: str = "") -> Confirmations:
    """Return who of the staff of these units and all below confirmed a document, those who did not first.

    ``words`` are searched in names, without tone marks.  Three statements.
    """
    today = clock.today()
    moment = (
        select(func.min(Acknowledgement.at))
        .where(
            Acknowledgement.person_id == Person.id,
            Acknowledgement.course_id == course_id,
            Acknowledgement.activity_key == key,
            Acknowledgement.sha256 == sha256,
        )
        .correlate(Person)
        .scalar_subquery()
    )
    staff = (
        select(Person.id, moment.label("at"), func.min(Post.unit_id).label("unit_id"))
        .join(Post, Post.person_id == Person.id)
        .where(Post.unit_id.in_(access.reach(unit_ids)), facts.true_on(Post, today))
        .group_by(Person.id)
    )
    counted = staff.subquery()
    people, done = session.execute(select(func.count(), func.count(counted.c.at)).select_from(counted)).one()
    listed = staff.add_columns(Person.family_name, Person.given_name)
    for word in names.fold(words).split():
        listed = listed.where(Person.search_key.contains(word, autoescape=True))
    # "Is not there" sorts alike on both databases only when it is asked for.
    rows = session.execute(listed.order_by(moment.is_not(None), Person.sort_key, Person.id).limit(MOST_LINES)).all()
    units = tree.names_on({row.unit_id for row in rows}, today)
    lines = [ConfirmationLine(row.id, f"{row.family_name} {row.given_name}".strip(), units.get(row.unit_id, ""), row.at) for row in rows]
    return Confirmations(people, done, lines)

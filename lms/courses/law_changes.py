"""Changes of the law: which lessons cite what was amended, and what their readers are told."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.core.shelf import Shelf
from lms.courses import law
from lms.courses.law import Reference, UnknownReferenceError
from lms.courses.models import Activity, Amendment, AmendmentMark, Course, PageText, Version

FRESH = timedelta(seconds=60)  # so long a worker believes what it read; a change of the law is known weeks ahead
_CITED = re.compile(r"(?P<law>[0-9][^\s\]\"']*)\s+Đ(?P<place>[0-9][0-9a-zđ.]*)")


class UnknownPlace(Invalid):
    code = "unknown_place_in_law"
    message = lazy_("The law register has no “{reference}”. It is written like 116/2025/QH15 Đ16.5.")


class WithdrawnAlready(Conflict):
    code = "amendment_withdrawn"
    message = lazy_("This change was taken back already.")


@dataclass(frozen=True)
class Notice:
    """What readers of a lesson are told; ``note`` by language."""

    reference: Reference
    from_day: date
    note: Mapping[str, Any]


@dataclass(frozen=True)
class CitingLesson:
    """A lesson of the newest published version of a course that cites what was amended."""

    course: Course
    version: Version
    activity: Activity


@dataclass(frozen=True)
class AmendmentLine:
    """An amendment with the lessons to be looked at and the course that is offered."""

    row: Amendment
    reference: Reference
    lessons: Sequence[CitingLesson]
    offered: Course | None


def note(reference: str, from_day: date, note: Mapping[str, str], course_id: int | None, *, by: int) -> Amendment:
    """Write down that a place of the law says something else from a day on, and mark what cites it.  Raises UnknownPlace."""
    place = read(reference)
    made = Amendment(
        reference=place.code, from_day=from_day, note=dict(note), course_id=course_id, by_account_id=by, recorded_at=clock.now()
    )
    session.add(made)
    session.flush()
    for version in session.scalars(select(Version).where(Version.state != "draft", Version.as_of < from_day)):
        _mark(version, [made])
    audit.record("courses.law.amended", f"amendment:{made.id}", account_id=by, reference=place.code, from_day=from_day.isoformat())
    return made


def withdraw(amendment: Amendment, *, by: int) -> None:
    """Take an amendment back that was written down by mistake; it stays in the books.  Raises WithdrawnAlready."""
    session.refresh(amendment, with_for_update=True)
    if amendment.withdrawn_at is not None:
        raise WithdrawnAlready()
    amendment.withdrawn_at = clock.now()
    session.execute(delete(AmendmentMark).where(AmendmentMark.amendment_id == amendment.id).execution_options(synchronize_session=False))
    session.flush()
    audit.record("courses.law.withdrawn", f"amendment:{amendment.id}", account_id=by)


def mark_version(version: Version) -> None:
    """Mark the lessons of a version that is published now, where they were looked at before the law changed."""
    known = session.scalars(select(Amendment).where(Amendment.withdrawn_at.is_(None), Amendment.from_day > version.as_of)).all()
    _mark(version, known)


def read(reference: str) -> Reference:
    """Return the place that a reference names.  Raises UnknownPlace."""
    try:
        place = law.register().reference(reference)
    except UnknownReferenceError as error:
        raise UnknownPlace(reference=reference) from error
    if not place.is_registered:
        raise UnknownPlace(reference=reference)
    return place


def concerns(amended: Reference, cited: Reference) -> bool:
    """Return whether a text that cites a place has to be looked at when another was amended: one lies in the other."""
    return amended.instrument.key == cited.instrument.key and all(
        not one or not other or one == other
        for one, other in ((amended.article, cited.article), (amended.clause, cited.clause), (amended.point, cited.point))
    )


def notices(version_id: int, activity_key: str) -> list[Notice]:
    """Return what the reader of a lesson is told today, the newest first.  No statement while it is fresh."""
    today = clock.today()
    return [each for each in _known().get((version_id, activity_key), ()) if each.from_day <= today]


def changes() -> list[AmendmentLine]:
    """Return all amendments that were not withdrawn, the newest first, each with the lessons that are to be looked at."""
    rows = session.execute(
        select(Amendment, Course)
        .outerjoin(Course, Course.id == Amendment.course_id)
        .where(Amendment.withdrawn_at.is_(None))
        .order_by(Amendment.from_day.desc(), Amendment.id.desc())
    ).all()
    lessons: dict[int, list[CitingLesson]] = defaultdict(list)
    published = select(Version.course_id, Version.id).where(Version.state == "published").order_by(Version.number)
    latest = {row.course_id: row.id for row in session.execute(published)}
    found = session.execute(
        select(AmendmentMark.amendment_id, Course, Version, Activity)
        .join(Version, Version.id == AmendmentMark.version_id)
        .join(Course, Course.id == Version.course_id)
        .join(Activity, (Activity.version_id == Version.id) & (Activity.key == AmendmentMark.activity_key))
        .where(Version.id.in_(latest.values()))
        .order_by(Course.code, Activity.position)
    )
    for amendment_id, course, version, activity in found:
        lessons[amendment_id].append(CitingLesson(course, version, activity))
    return [AmendmentLine(row, law.register().reference(row.reference), lessons[row.id], course) for row, course in rows]


def by_id(amendment_id: int) -> Amendment | None:
    """Return an amendment."""
    return session.get(Amendment, amendment_id)


def forget() -> None:
    """Drop what this worker keeps."""
    _kept.clear()


def _mark(version: Version, amendments: Iterable[Amendment]) -> None:
    amendments = list(amendments)
    if not amendments:
        return
    places = {each.id: law.register().reference(each.reference) for each in amendments}
    texts = session.execute(
        select(Activity.key, PageText.source).join(Activity, Activity.id == PageText.activity_id).where(Activity.version_id == version.id)
    ).all()
    marks = {
        (amendment_id, key)
        for key, source in texts
        for cited in _cited(source)
        for amendment_id, place in places.items()
        if concerns(place, cited)
    }
    insert_new(
        AmendmentMark,
        [{"amendment_id": amendment_id, "version_id": version.id, "activity_key": key} for amendment_id, key in sorted(marks)],
    )


def _cited(source: str) -> list[Reference]:
    found = {}
    for match in _CITED.finditer(source):
        try:
            cited = law.register().reference(f"{match['law']} Đ{match['place'].rstrip('.')}")
            found[cited.code] = cited
        except UnknownReferenceError:
            continue
    return list(found.values())


_Marks = Mapping[tuple[int, str], Sequence[Notice]]
_kept: Shelf[tuple[datetime, _Marks]] = Shelf(4)


def _known() -> _Marks:
    database = str(session.get_bind().engine.url)
    kept = _kept.get(database)
    if kept is not None and timedelta(0) <= clock.now() - kept[0] < FRESH:
        return kept[1]
    rows = session.execute(
        select(AmendmentMark.version_id, AmendmentMark.activity_key, Amendment)
        .join(Amendment, Amendment.id == AmendmentMark.amendment_id)
        .where(Amendment.withdrawn_at.is_(None))
        .order_by(Amendment.from_day.desc(), Amendment.id.desc())
    )
    found: dict[tuple[int, str], list[Notice]] = defaultdict(list)
    for version_id, key, row in rows:
        found[version_id, key].append(Notice(law.register().reference(row.reference), row.from_day, row.note))
    _kept.put(database, (clock.now(), found))
    return found

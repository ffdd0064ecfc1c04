"""Bringing in a course package from another installation: planned, looked at, applied as a draft, undone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import select

from lms.core import clock, files, imports
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.core.rows import insert_new
from lms.courses import authoring, kinds, sources
from lms.courses.drafts import CourseDraft
from lms.courses.editing import making
from lms.courses.editing.making import SlugTaken
from lms.courses.models import Course, Sender, Version
from lms.courses.sharing import packing
from lms.courses.sharing.origins import Origin

KIND = "course_package"  # of the rows in core_import
_ZIP = "application/zip"


class DraftThere(Conflict):
    code = "course_draft_there"
    message = lazy_('The course "{slug}" has a draft that somebody works on. Publish it or throw it away first, or choose another address.')


class TouchedSince(Conflict):
    code = "course_touched_since"
    message = lazy_(
        "The course was changed or published after it was brought in, so it stays. Throw the draft away, or retire the version."
    )


class Fate(StrEnum):
    """What becomes of a package under an address."""

    NEW = "new"
    NEXT = "next"  # a version of a course that is there
    UNCHANGED = "unchanged"
    DRAFT_THERE = "draft_there"
    TAKEN = "taken"  # by a course of others


@dataclass(frozen=True)
class Outlook:
    """What would happen, and which number the version would get, or has."""

    fate: Fate
    number: int = 1


def plan(content: bytes, *, unit_id: int, file_name: str, by: int) -> Import:
    """Read a package and keep what it would do; nothing is done yet.

    Raises DraftProblems with what has to be mended, and whatever packing.opened raises.
    """
    package = packing.opened(content)
    draft = sources.load(package.files)
    files.keep_as(content, _ZIP)
    said = {
        "slug": draft.slug,
        "code": draft.code,
        "title": dict(draft.title),
        "audience": draft.audience,
        "languages": list(draft.languages),
        "periods": draft.periods,
        "sections": [
            {
                "title": dict(section.title),
                "activities": [{"kind": each.kind, "title": dict(each.title), "minutes": each.minutes} for each in section.activities],
            }
            for section in draft.sections
        ],
        "origin": package.origin.to_json() if package.origin else None,
    }
    return imports.plan(KIND, unit_id=unit_id, file_name=file_name, content=content, plan=said, by=by)


def draft_of(row: Import) -> CourseDraft:
    """Return the course of a planned package.  Raises files.FileGone when the plan waited for weeks."""
    return sources.load(packing.opened(files.content(row.sha256)).files)


def outlook(draft: CourseDraft, unit_id: int | None) -> Outlook:
    """Return what bringing in a course under its address would do now."""
    course = session.scalar(select(Course).where(Course.slug == draft.slug))
    if course is None:
        return Outlook(Fate.NEW)
    if course.owner_unit_id != unit_id or course.audience != draft.audience:
        return Outlook(Fate.TAKEN)
    known = authoring.known_version(draft)
    if known is not None:
        return Outlook(Fate.UNCHANGED, known.number)
    if any(version.state == "draft" for version in course.versions):
        return Outlook(Fate.DRAFT_THERE)
    return Outlook(Fate.NEXT, max(version.number for version in course.versions) + 1)


def free_slug(slug: str) -> str:
    """Return an address like this one that no course has."""
    base = slug[: making.LONGEST_SLUG - 4].rstrip("-")
    taken = set(session.scalars(select(Course.slug).where(Course.slug.startswith(base))))
    return next(free for number in count(2) if (free := f"{base}-{number}") not in taken)


def apply(row: Import, *, slug: str, compared: bool, by: int) -> Version:
    """Bring the course in as a draft; ``compared``: somebody compared the key with its owner, so it is known from now on.

    Raises imports.NotPlanned, WrongSlug, SlugTaken, DraftThere, and files.FileGone when the plan waited for weeks.
    """
    imports.begin_apply(row, by=by)
    imports.one_at_a_time()
    making.check_slug(slug)
    draft = replace(draft_of(row), slug=slug)
    origin = origin_of(row)
    fate = outlook(draft, row.unit_id).fate
    if fate is Fate.TAKEN:
        raise SlugTaken(slug=slug)
    if fate is Fate.DRAFT_THERE:
        raise DraftThere(slug=slug)
    brought = authoring.bring_in(draft, owner_unit_id=row.unit_id, origin=origin.to_json() if origin else None)
    if compared and origin is not None:
        _remember(origin, by=by)
    version = brought.version
    made = [[kind, dict(each)] for kind, each in brought.made]
    result = {"slug": slug, "number": version.number, "new": int(brought.is_new), "version_id": version.id, "made": made}
    imports.finish(row, result | {"content_hash": version.content_hash}, by=by)
    return version


def undo(row: Import, *, by: int) -> None:
    """Take the draft out again, with the questions that came with it.

    Raises imports.NotApplied, imports.TooLate, TouchedSince, and what a kind raises when something of it is in use.
    """
    imports.begin_undo(row, by=by)
    result: Mapping[str, Any] = row.result or {}
    if not result["new"]:
        return
    version = session.get(Version, result["version_id"])
    if version is None or version.state != "draft" or version.content_hash != result["content_hash"]:
        raise TouchedSince()
    making.discard(version.id, by=by)
    for kind, made in reversed(result["made"]):
        kinds.get(kind).taken_back(made)


def origin_of(row: Import) -> Origin | None:
    """Return who signed a planned package; None when nobody did."""
    return Origin.from_json(row.plan["origin"]) if row.plan["origin"] else None


def sender(origin: Origin) -> Sender | None:
    """Return whose key somebody compared before; None when nobody did, or nobody signed."""
    return session.scalar(select(Sender).where(Sender.public_key == origin.key))


def kind_counts(plan: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how many activities of each kind a planned course has."""
    return Counter(each["kind"] for section in plan["sections"] for each in section["activities"])


def _remember(origin: Origin, *, by: int) -> None:
    said = {"public_key": origin.key, "name": origin.name, "address": origin.address, "by_account_id": by, "compared_at": clock.now()}
    insert_new(Sender, [said])

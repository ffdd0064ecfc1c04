"""What people learn from stays as it is: changes to a published version are refused, whoever tries."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, UOWTransaction

from lms.core.db import factory
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.courses.models import Activity, CourseFile, PageText, Section, Version

Part = Version | Section | Activity | PageText | CourseFile
# A published version may still be retired; nothing else of it changes.
_FREE = {"state"}


class Published(Conflict):
    code = "version_published"
    message = lazy_("A published version cannot be changed, because people learn from it. Make a new version.")


class BulkChangeError(RuntimeError):
    """Course content was to be changed by one statement, which cannot be checked; a mistake in our code."""


@event.listens_for(factory, "before_flush")
def _refuse_flush(target: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in (*target.new, *target.dirty, *target.deleted):
        if not isinstance(row, Part):
            continue
        version = _version(target, row)
        if version is None or not _was_published(version):
            continue
        if row in target.new or row in target.deleted or _changed(row) - (_FREE if row is version else set()):
            raise Published()


@event.listens_for(factory, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is not None and mapper.class_ in (Version, Section, Activity, PageText, CourseFile):
        raise BulkChangeError(f"{mapper.class_.__name__} rows are changed one by one, so that published ones can be refused")


def _version(target: Session, row: Part) -> Version | None:
    if isinstance(row, Version):
        return row
    with target.no_autoflush:
        if isinstance(row, PageText):
            activity = target.get(Activity, row.activity_id)
            return target.get(Version, activity.version_id) if activity else None
        return target.get(Version, row.version_id)


def _was_published(version: Version) -> bool:
    """Return whether the version was published before the changes of this flush."""
    history = inspect(version).attrs.published_at.history
    before = history.deleted if history.has_changes() else history.unchanged
    return any(moment is not None for moment in before)


def _changed(row: Part) -> set[str]:
    state: InstanceState[Any] = inspect(row)
    return {column.key for column in state.mapper.column_attrs if state.attrs[column.key].history.has_changes()}

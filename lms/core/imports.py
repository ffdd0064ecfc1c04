"""Files that people bring in: planned first, applied once, undone while nothing depends on it."""

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.models import Import

UNDO_DAYS = 7


class NotPlanned(Conflict):
    code = "import_not_planned"
    message = lazy_("This import was applied or cancelled before. Nothing was done a second time.")


class NotApplied(Conflict):
    code = "import_not_applied"
    message = lazy_("This import is not applied, or was undone before. Nothing was changed.")


class TooLate(Conflict):
    code = "import_too_late"
    message = lazy_("An import can be undone for {days} days. Correct single entries instead.")


class Outdated(Conflict):
    code = "import_outdated"
    message = lazy_("Meanwhile the data changed, and the import would do something else than it showed. Look at the new preview.")


def plan(kind: str, *, unit_id: int | None, file_name: str, content: bytes, plan: dict[str, Any], by: int | None) -> Import:
    """Keep what a file would do; nothing is done yet."""
    row = Import(
        kind=kind,
        unit_id=unit_id,
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        plan=plan,
        by_account_id=by,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def replan(row: Import, plan: dict[str, Any]) -> None:
    """Keep another plan for the same file. Raises NotPlanned."""
    _step(row, "planned", "planned", NotPlanned(), plan=plan)


def begin_apply(row: Import, *, by: int | None) -> None:
    """Let one caller apply the plan; the second of two clicks, or of two people, gets NotPlanned."""
    _step(row, "planned", "applied", NotPlanned(), applied_at=clock.now(), by_account_id=by or row.by_account_id)


def finish(row: Import, result: dict[str, Any], *, by: int | None) -> None:
    """Keep what came of it."""
    row.result = result
    session.flush()
    counts = {key: value for key, value in result.items() if isinstance(value, int)}
    audit.record(f"import.{row.kind}", f"import:{row.id}", account_id=by, file=row.file_name, sha256=row.sha256, **counts)


def begin_undo(row: Import, *, by: int | None) -> None:
    """Let one caller undo what was applied. Raises NotApplied and TooLate."""
    if row.applied_at is not None and clock.now() - row.applied_at > timedelta(days=UNDO_DAYS):
        raise TooLate(days=UNDO_DAYS)
    _step(row, "applied", "undone", NotApplied(), undone_at=clock.now())
    audit.record(f"import.{row.kind}.undone", f"import:{row.id}", account_id=by, file=row.file_name)


def cancel(row: Import) -> None:
    """Drop a plan. Raises NotPlanned."""
    _step(row, "planned", "cancelled", NotPlanned())


def can_be_undone(row: Import) -> bool:
    """Return whether the time for undoing has not passed; what depends on it is asked when undoing."""
    return row.state == "applied" and row.applied_at is not None and clock.now() - row.applied_at <= timedelta(days=UNDO_DAYS)


def history(kinds: Collection[str], unit_ids: Collection[int], *, limit: int = 50) -> list[Import]:
    """Return the imports of these kinds for these units, newest first, without those never applied or cancelled."""
    return list(
        session.scalars(
            select(Import)
            .where(Import.kind.in_(kinds), Import.unit_id.in_(unit_ids), Import.state.in_(("planned", "applied", "undone")))
            .order_by(Import.id.desc())
            .limit(limit)
        )
    )


def one_at_a_time() -> None:
    """Wait until no other import is being applied: what one checks, another must not change meanwhile."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7204)"))


def _step(row: Import, before: str, after: str, refusal: Conflict, **values: Any) -> None:
    """Go from one state to the next; the database lets one caller through."""
    session.flush()
    changed = session.scalar(
        update(Import).where(Import.id == row.id, Import.state == before).values(state=after, **values).returning(Import.id)
    )
    if changed is None:
        raise refusal
    session.refresh(row)

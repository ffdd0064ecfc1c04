"""Giving a document or a video to an activity of a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.courses import kinds, materials
from lms.courses.drafts import MATERIALS
from lms.courses.editing import drafts
from lms.courses.models import Activity, CourseFile
from lms.materials import duration
from lms.materials.kinds import MaterialKind
from lms.materials.settings import WrongSettingsError

MOST_FILES = 200


class MaterialRefused(Invalid):
    code = "material_refused"
    message = lazy_("The file {name} was not taken: {reasons}")


class TooManyFiles(Invalid):
    code = "too_many_files"
    message = lazy_("A course has at most {most} files.")


@dataclass(frozen=True)
class Upload:
    """A file as it was chosen; ``role`` is files or captions."""

    role: str
    language: str
    name: str
    data: bytes


def save(
    version_id: int, key: str, values: Mapping[str, Any], uploads: list[Upload], *, taken_out: set[tuple[str, str]], by: int
) -> Activity:
    """Keep the settings of an activity and the files that come with them; ``taken_out`` names roles and languages without a file now.

    What a video runs is read from its file where nobody says it.  Raises
    MaterialRefused, TooManyFiles and Published; then nothing is kept.
    """
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.version_id == version_id, Activity.key == key)).one()
    paths = {role: dict(activity.settings.get(role, {})) for role in ("files", "captions")}
    for role, language in taken_out:
        paths[role].pop(language, None)
    known = set(session.scalars(select(CourseFile.path).where(CourseFile.version_id == version_id)))
    settings = dict(values)
    for upload in uploads:
        path = materials.path_for(upload.name, known)
        if found := materials.problems(path, upload.data):
            raise MaterialRefused(name=upload.name, reasons=" ".join(f"{each.what} {each.cure}" for each in found[:3]))
        materials.keep(version, path, upload.data)
        known.add(path)
        paths[upload.role][upload.language] = path
        if "seconds" in settings and not settings["seconds"]:
            settings["seconds"] = duration.seconds(upload.data) or 0
    kept = {name: each for name, each in (paths | settings).items() if each}
    if uploads:
        _refuse_wrong(activity, kept, uploads)
    activity.settings = kept
    session.flush()
    forget_unused(version_id)
    if len(known) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    drafts.note_change(version, "files_changed", by=by, key=key)
    return activity


def _refuse_wrong(activity: Activity, kept: Mapping[str, Any], uploads: list[Upload]) -> None:
    """Let nobody put a video where a document belongs."""
    kind = kinds.get(activity.kind)
    assert isinstance(kind, MaterialKind)
    try:
        kind.read(kept)
    except WrongSettingsError as error:
        raise MaterialRefused(name=", ".join(each.name for each in uploads), reasons=str(error)) from error


def forget_unused(version_id: int) -> None:
    """Take files out of a draft that none of its activities names any more."""
    rows = session.scalars(select(Activity).where(Activity.version_id == version_id))
    named = {path for row in rows for path in kinds.get(row.kind).materials(row.settings)}
    for file in session.scalars(select(CourseFile).where(CourseFile.version_id == version_id, CourseFile.path.startswith(MATERIALS))):
        if file.path not in named:
            session.delete(file)
    session.flush()

"""Keeping questions: the same content again makes no new version."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from lms.core import clock, files, imports, names
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.types import wording


class VersionTaken(Conflict):
    code = "question_version_taken"
    message = lazy_("Somebody else changed one of these questions at the same moment. Nothing was changed; try again.")


class Fate(StrEnum):
    """What becomes of a question of a file."""

    NEW = "new"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Stored:
    """Where a draft is now in the bank."""

    question_id: int
    version_id: int
    number: int
    fate: Fate


@dataclass
class Made:
    """What an import made, so that it can be undone."""

    categories: list[int] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    tags_before: dict[str, list[str]] = field(default_factory=dict)


def store(
    drafts: Iterable[QuestionDraft],
    *,
    unit_id: int | None,
    into: tuple[str, ...] = (),
    import_id: int | None = None,
    account_id: int | None = None,
    made: Made | None = None,
    about: Mapping[tuple[str, ...], Mapping[str, Any]] | None = None,
) -> list[Stored]:
    """Bring prepared drafts into the bank; the same content again makes no new version.

    A draft with an id is a new version of the question that has this id in its
    category; one without is the question of the same content, if there is one.
    """
    # Two importers would make the same category twice.
    imports.one_at_a_time()
    made = made if made is not None else Made()
    drawers = Drawers(unit_id, import_id=import_id, made=made, about={into + path: each for path, each in (about or {}).items()})
    stored = []
    for draft in drafts:
        drawer = drawers.open(into + draft.category)
        fate, known = drawer.look(draft)
        if fate is Fate.NEW or known is None:
            known = _add_question(draft, drawer.category_id, import_id)
            made.questions.append(known.question_id)
        if fate is not Fate.UNCHANGED:
            known = _add_version(draft, known, account_id)
            made.versions.append(known.version_id)
        drawer.put(draft, known)
        before = [] if fate is Fate.NEW else tags_of(known.question_id)
        if set(before) != set(draft.tags):
            if fate is not Fate.NEW:
                made.tags_before[str(known.question_id)] = before
            set_tags(known.question_id, draft.tags)
        stored.append(Stored(known.question_id, known.version_id, known.number, fate))
    session.flush()
    return stored


@dataclass(frozen=True)
class _Known:
    """The latest version of a question that the bank has."""

    question_id: int
    version_id: int
    number: int
    content_hash: str


class _Drawer:
    """What one category holds, read once."""

    def __init__(self, category_id: int | None) -> None:
        self._category_id = category_id
        self._by_id: dict[str, _Known] = {}
        self._by_content: dict[str, _Known] = {}
        if category_id is not None:
            self._read(category_id)

    @property
    def category_id(self) -> int:
        if self._category_id is None:
            raise LookupError("this category is only planned")
        return self._category_id

    def look(self, draft: QuestionDraft) -> tuple[Fate, _Known | None]:
        """Return what the draft is to this category, and the question it is about."""
        seal = content_hash(draft)
        known = self._by_id.get(draft.id_number) if draft.id_number else self._by_content.get(seal)
        if known is None:
            return Fate.NEW, None
        return (Fate.UNCHANGED if known.content_hash == seal else Fate.NEW_VERSION), known

    def put(self, draft: QuestionDraft, known: _Known) -> None:
        if draft.id_number:
            self._by_id[draft.id_number] = known
        self._by_content[known.content_hash] = known

    def _read(self, category_id: int) -> None:
        rows = session.execute(
            select(
                Question.id,
                Question.id_number,
                QuestionVersion.id.label("version_id"),
                QuestionVersion.number,
                QuestionVersion.content_hash,
            )
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .where(Question.category_id == category_id)
            .order_by(Question.id, QuestionVersion.number)
        )
        latest = {row.id: (row.id_number, _Known(row.id, row.version_id, row.number, row.content_hash)) for row in rows}
        for id_number, known in latest.values():
            if id_number:
                self._by_id[id_number] = known
            self._by_content.setdefault(known.content_hash, known)


class Drawers:
    """Categories of one unit by their path, made when they are first needed."""

    def __init__(
        self,
        unit_id: int | None,
        *,
        import_id: int | None = None,
        made: Made | None = None,
        about: Mapping[tuple[str, ...], Mapping[str, Any]] | None = None,
    ) -> None:
        self._unit_id = unit_id
        self._import_id = import_id
        self._made = made
        self._about = about or {}
        self._ids: dict[tuple[str, ...], int | None] = {}
        self._drawers: dict[tuple[str, ...], _Drawer] = {}

    def fate(self, path: tuple[str, ...], draft: QuestionDraft) -> Fate:
        """Return what would become of a draft; nothing is made."""
        if path not in self._drawers:
            self._drawers[path] = _Drawer(self._find(path))
        fate, _known = self._drawers[path].look(draft)
        if fate is not Fate.UNCHANGED:
            self._drawers[path].put(draft, _Known(0, 0, 0, content_hash(draft)))
        return fate

    def open(self, path: tuple[str, ...]) -> _Drawer:
        if path not in self._drawers:
            self._drawers[path] = _Drawer(self._make(path))
        return self._drawers[path]

    def _find(self, path: tuple[str, ...]) -> int | None:
        path = path or _nameless()
        if path not in self._ids:
            parent = self._find(path[:-1]) if len(path) > 1 else None
            if len(path) > 1 and parent is None:
                return None
            self._ids[path] = session.scalar(
                select(Category.id)
                .where(
                    Category.unit_id == self._unit_id if self._unit_id is not None else Category.unit_id.is_(None),
                    Category.parent_id == parent if parent is not None else Category.parent_id.is_(None),
                    Category.name == path[-1],
                )
                .order_by(Category.id)
                .limit(1)
            )
        return self._ids[path]

    def _make(self, path: tuple[str, ...]) -> int:
        path = path or _nameless()
        found = self._find(path)
        if found is not None:
            return found
        parent = self._make(path[:-1]) if len(path) > 1 else None
        about = self._about.get(path, {})
        category = Category(
            unit_id=self._unit_id,
            parent_id=parent,
            name=path[-1][:200],
            info=about.get("info", ""),
            id_number=about.get("id_number") or None,
            import_id=self._import_id,
        )
        session.add(category)
        session.flush()
        self._ids[path] = category.id
        if self._made is not None:
            self._made.categories.append(category.id)
        return category.id


def _nameless() -> tuple[str, ...]:
    """Return the drawer of questions whose file names none."""
    return ("Chung",)


def _add_question(draft: QuestionDraft, category_id: int, import_id: int | None) -> _Known:
    question = Question(category_id=category_id, id_number=draft.id_number or None, import_id=import_id, created_at=clock.now())
    session.add(question)
    session.flush()
    return _Known(question.id, 0, 0, "")


def _add_version(draft: QuestionDraft, known: _Known, account_id: int | None) -> _Known:
    number = known.number + 1
    version_id = add_version(draft, known.question_id, number, account_id, state="hidden" if draft.hidden else "ready")
    if version_id is None:
        raise VersionTaken()
    return _Known(known.question_id, version_id, number, content_hash(draft))


def add_version(draft: QuestionDraft, question_id: int, number: int, account_id: int | None, *, state: str) -> int | None:
    """Add a version of a question with its files; return its id, None when somebody else added this number at the same moment."""
    row = {
        "question_id": question_id,
        "number": number,
        "state": state,
        "type": draft.type,
        "name": draft.name,
        "default_mark": draft.default_mark,
        "penalty": draft.penalty,
        "body": every.body_to_json(draft.body),
        "texts": draft.texts.to_json(),
        "content_hash": content_hash(draft),
        "search_key": search_key(draft.name, draft.id_number, draft.texts.in_all("stem"), draft.tags),
        "by_account_id": account_id,
        "created_at": clock.now(),
    }
    made = insert_new(QuestionVersion, [row])
    if not made:
        return None
    session.add_all(QuestionFile(version_id=made[0], name=name, file_id=files.keep(data)) for name, data in draft.files.items())
    session.flush()
    return made[0]


def tags_of(question_id: int) -> list[str]:
    """Return the tags of a question, sorted."""
    return sorted(session.scalars(select(QuestionTag.tag).where(QuestionTag.question_id == question_id)))


def set_tags(question_id: int, tags: Iterable[str]) -> None:
    """Give a question exactly these tags."""
    wanted, there = set(tags), set(tags_of(question_id))
    if gone := there - wanted:
        session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id, QuestionTag.tag.in_(gone)))
    session.add_all(QuestionTag(question_id=question_id, tag=tag) for tag in sorted(wanted - there))
    session.flush()
    if wanted != there:
        refresh_search_key(question_id)


def refresh_search_key(question_id: int) -> None:
    """Let the newest version of a question be found by the id and the tags that the question has now."""
    version = session.scalars(
        select(QuestionVersion).where(QuestionVersion.question_id == question_id).order_by(QuestionVersion.number.desc()).limit(1)
    ).first()
    if version is not None:
        id_number = session.scalar(select(Question.id_number).where(Question.id == question_id))
        stems = (texts.get("stem", "") for texts in version.texts.values())
        version.search_key = search_key(version.name, id_number, stems, tags_of(question_id))
        session.flush()


def content_hash(draft: QuestionDraft) -> str:
    """Return the same for the same question, wherever it stands and however it is tagged."""
    parts = [
        draft.type,
        draft.name,
        draft.default_mark,
        draft.penalty,
        draft.hidden,
        every.body_to_json(draft.body),
        draft.texts.to_json(),
        *([sorted((name, files.digest(data)) for name, data in draft.files.items())] if draft.files else []),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def search_key(name: str, id_number: str | None, stems: Iterable[str], tags: Iterable[str]) -> str:
    """Return what a question is found by: its name, id, stems and tags, without tone marks."""
    return names.fold(" ".join((name, id_number or "", *map(wording.plain, stems), *tags)))

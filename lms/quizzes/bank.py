"""The question bank: keeping questions and their versions, and bringing in files by plan, apply and undo."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select

from lms.core import clock, i18n, imports
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.quizzes import drafting, question_types
from lms.quizzes.bodies import every
from lms.quizzes.content import Problem, QuestionDraft, Severity, Texts
from lms.quizzes.formats import FileRead
from lms.quizzes.models.attempt import Response
from lms.quizzes.models.bank import Category, Question, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Slot

KIND = "questions"  # of the rows in core_import
PLAN_SCHEMA = 1
MOST_QUESTIONS = 5_000


class NothingToImport(Invalid):
    code = "nothing_to_import"
    message = lazy_("There is no question in this file that can be used. Nothing was changed.")


class TooManyQuestions(Invalid):
    code = "too_many_questions"
    message = lazy_("The file has {number} questions; at most {most} can be taken at once. Split it and try again.")


class InUse(Conflict):
    code = "questions_in_use"
    message = lazy_("{number} of these questions were answered, put into a quiz or changed since. They stay, and so does the import.")


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


# --- a file: plan, apply, undo


def preview(read: FileRead, *, format_key: str, language: str, unit_id: int | None, into: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a file would do as a plan; nothing is kept.

    ``into`` is the path of the category that the file's own categories come
    under.  Raises TooManyQuestions.
    """
    if len(read.drafts) > MOST_QUESTIONS:
        raise TooManyQuestions(number=len(read.drafts), most=MOST_QUESTIONS)
    drawers = _Drawers(unit_id)
    items, said = [], set()
    for draft in read.drafts:
        prepared = drafting.prepare(draft, question_types.get(draft.type))
        fate = drawers.fate(into + draft.category, prepared.draft) if prepared.is_usable else Fate.REFUSED
        items.append(draft_to_json(prepared.draft) | {"fate": fate, "problems": [_said(each) for each in prepared.problems]})
        said |= {_key(problem) for problem in draft.warnings}
    return {
        "schema": PLAN_SCHEMA,
        "format": format_key,
        "language": language,
        "into": list(into),
        "items": items,
        "categories": [
            {"path": list(each.path), "info": drafting.as_html(each.info, each.info_format), "id_number": each.id_number}
            for each in read.categories
        ],
        "problems": [_said(each) for each in read.problems if _key(each) not in said],
        "unsupported": dict(read.unsupported),
    }


def counts(plan: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how many questions of a plan have which fate."""
    return Counter(item["fate"] for item in plan["items"])


def has_usable(plan: Mapping[str, Any]) -> bool:
    """Say whether there is anything to apply."""
    return any(item["fate"] != Fate.REFUSED for item in plan["items"])


def keep(plan: dict[str, Any], *, unit_id: int | None, file_name: str, data: bytes, by: int | None) -> Import:
    """Keep a plan, to be looked at again and applied; the bank is not changed."""
    return imports.plan(KIND, unit_id=unit_id, file_name=file_name, content=data, plan=plan, by=by)


def apply(row: Import, *, by: int | None) -> None:
    """Bring the questions of a plan into the bank.

    Questions that are refused stay out.  What the plan said is looked at again:
    somebody may have brought in the same meanwhile.

    Raises imports.NotPlanned, NothingToImport.
    """
    if not has_usable(row.plan):
        raise NothingToImport()
    imports.begin_apply(row, by=by)
    made = Made()
    into = tuple(row.plan["into"])
    about = {tuple(each["path"]): each for each in row.plan["categories"]}
    drafts = [draft_from_json(item) for item in row.plan["items"] if item["fate"] != Fate.REFUSED]
    stored = store(drafts, unit_id=row.unit_id, into=into, import_id=row.id, account_id=by, made=made, about=about)
    result = {str(fate): count for fate, count in Counter(each.fate for each in stored).items()}
    imports.finish(row, result | asdict(made), by=by)


def undo(row: Import, *, by: int | None) -> None:
    """Take out again what an import brought in, all of it or nothing.

    Raises imports.NotApplied, imports.TooLate, and InUse when questions were
    answered, put into a quiz or changed since.
    """
    imports.begin_undo(row, by=by)
    imports.one_at_a_time()
    result = row.result or {}
    made = Made(result["categories"], result["questions"], result["versions"], result["tags_before"])
    if in_use := _in_use(made.versions, made.questions):
        raise InUse(number=in_use)
    for question_id, tags in made.tags_before.items():
        _set_tags(int(question_id), tags)
    session.execute(delete(QuestionVersion).where(QuestionVersion.id.in_(made.versions)))
    session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(made.questions)))
    session.execute(delete(Question).where(Question.id.in_(made.questions)))
    # The inner ones were made last.
    for category_id in reversed(made.categories):
        is_used = select(Question.id).where(Question.category_id == category_id).exists()
        is_parent = select(Category.id).where(Category.parent_id == category_id).exists()
        if not session.scalar(select(is_used | is_parent)):
            session.execute(delete(Category).where(Category.id == category_id))
    session.expire_all()


def _in_use(versions: Sequence[int], questions: Sequence[int]) -> int:
    answered = select(QuestionVersion.question_id).join(Response, Response.question_version_id == QuestionVersion.id)
    in_quiz = select(Slot.question_id).join(
        QuestionVersion, (QuestionVersion.question_id == Slot.question_id) & (QuestionVersion.number == Slot.version_number)
    )
    of_new_question = select(Slot.question_id).where(Slot.question_id.in_(questions))
    # A version that somebody made on top of ours would hang in the air.
    touched = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(versions))
    newest = select(QuestionVersion.question_id, func.max(QuestionVersion.id).label("id")).group_by(QuestionVersion.question_id).subquery()
    changed = select(newest.c.question_id).where(newest.c.question_id.in_(touched), newest.c.id.not_in(versions))
    used: set[int | None] = set()
    for query in (
        answered.where(QuestionVersion.id.in_(versions)),
        in_quiz.where(QuestionVersion.id.in_(versions)),
        of_new_question,
        changed,
    ):
        used |= set(session.scalars(query))
    return len(used)


# --- keeping questions


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
    drawers = _Drawers(unit_id, import_id=import_id, made=made, about={into + path: each for path, each in (about or {}).items()})
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
        before = [] if fate is Fate.NEW else _tags_of(known.question_id)
        if set(before) != set(draft.tags):
            if fate is not Fate.NEW:
                made.tags_before[str(known.question_id)] = before
            _set_tags(known.question_id, draft.tags)
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


class _Drawers:
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
    version = QuestionVersion(
        question_id=known.question_id,
        number=known.number + 1,
        state="hidden" if draft.hidden else "ready",
        type=draft.type,
        name=draft.name,
        default_mark=draft.default_mark,
        penalty=draft.penalty,
        body=every.body_to_json(draft.body),
        texts=draft.texts.to_json(),
        content_hash=content_hash(draft),
        by_account_id=account_id,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return _Known(known.question_id, version.id, version.number, version.content_hash)


def _tags_of(question_id: int) -> list[str]:
    return sorted(session.scalars(select(QuestionTag.tag).where(QuestionTag.question_id == question_id)))


def _set_tags(question_id: int, tags: Iterable[str]) -> None:
    wanted, there = set(tags), set(_tags_of(question_id))
    if gone := there - wanted:
        session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id, QuestionTag.tag.in_(gone)))
    session.add_all(QuestionTag(question_id=question_id, tag=tag) for tag in sorted(wanted - there))
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
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# --- drafts in the plan


def draft_to_json(draft: QuestionDraft) -> dict[str, Any]:
    """Return what a plan keeps of a prepared draft."""
    return {
        "name": draft.name,
        "type": draft.type,
        "body": every.body_to_json(draft.body),
        "texts": draft.texts.to_json(),
        "category": list(draft.category),
        "tags": list(draft.tags),
        "id_number": draft.id_number,
        "default_mark": draft.default_mark,
        "penalty": draft.penalty,
        "hidden": draft.hidden,
        "position": draft.position,
    }


def draft_from_json(data: Mapping[str, Any]) -> QuestionDraft:
    """Read it again.  Raises WrongShape."""
    return QuestionDraft(
        name=data["name"],
        type=data["type"],
        body=every.body_from_json(data["type"], data["body"]),
        texts=Texts.from_json(data["texts"]),
        category=tuple(data["category"]),
        tags=tuple(data["tags"]),
        id_number=data["id_number"],
        default_mark=data["default_mark"],
        penalty=data["penalty"],
        hidden=data["hidden"],
        position=data["position"],
    )


def _said(problem: Problem) -> dict[str, Any]:
    """Return a problem in all languages: who looks at the plan may read another one than who made it."""
    words = {}
    for code in i18n.LANGUAGES:
        with i18n.in_language(code):
            words[code] = str(problem.message)
    return {"severity": problem.severity, "position": problem.position, "question": problem.question, "message": words}


def _key(problem: Problem) -> tuple[Severity, str, int | None]:
    return problem.severity, str(problem.message), problem.position

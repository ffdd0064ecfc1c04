"""Quizzes as a kind of activity in courses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from lms.core import clock, html
from lms.core.i18n import _, in_language, lazy_, localised
from lms.courses import completion, law
from lms.courses.contents import Citation, Content
from lms.courses.drafts import ActivityDraft, Problem
from lms.courses.kinds import ActivityKind, Entry, Grade, Place, Source, Workshop
from lms.courses.law import UnknownReferenceError
from lms.courses.models import Activity
from lms.quizzes import (
    building,
    copying,
    course_questions,
    course_source,
    drafting,
    final_grades,
    formats,
    putting_together,
    queries,
    queries_rules,
    question_types,
    quiz_settings,
    review,
    timing,
)
from lms.quizzes.bank import importing
from lms.quizzes.bank.storing import Made
from lms.quizzes.behaviours.every import OF_QUIZZES
from lms.quizzes.content import Problem as QuestionProblem
from lms.quizzes.content import QuestionDraft, Severity
from lms.quizzes.drafting import Prepared
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.review import Item
from lms.quizzes.shape import WrongShape
from lms.quizzes.timing import Rules, State
from lms.quizzes.types.message_inspection import MessageInspection

FORMAT = "gift"  # of the questions of a course
MORE = "message_text"  # of its messages to inspect
LAW_TAG = "law "  # and behind it the place that a question rests on


@dataclass(frozen=True)
class _Read:
    """The questions of a draft: ``written`` in files for each language, ``whole`` as a bank had them, where more is possible."""

    written: tuple[Prepared, ...]
    whole: tuple[Prepared, ...]
    problems: tuple[tuple[str, QuestionProblem], ...]  # with the file

    @property
    def prepared(self) -> tuple[Prepared, ...]:
        return self.written + self.whole


class QuizKind(ActivityKind):
    """A quiz: questions.vi.gift, questions.vi.message, the same in English, and how it is passed."""

    key = "quiz"
    icon = "pencil"
    suffix = ".gift"
    more_suffix = ".message"
    meets = (completion.SUBMITTED, completion.REACHED, completion.PASSED, completion.MARKED)
    usual = (completion.PASSED,)
    name = lazy_("Quiz")

    def further_texts(self, settings: Mapping[str, Any]) -> list[str]:
        names = settings.get("messages")
        # Anything else is refused with the other settings.
        return [f"messages/{name}" for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def whole_texts(self, settings: Mapping[str, Any]) -> list[str]:
        path = settings.get("questions")
        return [path] if isinstance(path, str) else []

    def source(self, activity: Activity) -> Source:
        quiz = queries.quiz_of(activity.id)
        return course_source.source(activity, quiz) if quiz else Source()

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        problems = []
        # What an author of a course reads is English, like all complaints about its files.
        with in_language("en"):
            read = _questions(draft)
            found = [*read.problems]
            problems += _settings_problems(draft, [each.draft for each in read.prepared if each.is_usable], languages)
            if not read.prepared and not found:
                found = [(_first_path(draft), QuestionProblem(Severity.ERROR, "There is no question in this file."))]
            for each in read.prepared:
                found += [(_first_path(draft), problem) for problem in each.problems]
            for each in read.written:
                found += [(_first_path(draft), problem) for problem in _unknown_law(each.draft)]
                if each.is_usable and _needs_a_person(each.draft.type):
                    message = "Questions of this type have to be marked by hand, which a course cannot wait for."
                    found.append((_first_path(draft), QuestionProblem(Severity.ERROR, message, each.draft.position, each.draft.name)))
            for path, problem in found:
                if problem.severity is Severity.ERROR:
                    problems.append(Problem(path, problem.position or 1, f"{problem.question}: {problem.message}", "Correct the question."))
        return problems

    def content(self, draft: ActivityDraft, language: str) -> Content:
        asked = [each.draft for each in _questions(draft).prepared if question_types.get(each.draft.type).asks]
        inspections = sum(each.type == MessageInspection.key for each in asked)
        cited = tuple(_cited(draft, language, each) for each in asked)
        return Content(questions=len(asked) - inspections, inspections=inspections, citations=tuple(chain.from_iterable(cited)))

    def imported(self, activity: Activity, draft: ActivityDraft) -> Mapping[str, Any]:
        drafts = [each.draft for each in _questions(draft).prepared if each.is_usable]
        made = Made()
        building.build(activity, drafts, quiz_settings.read(draft.settings), made)
        return asdict(made)

    def taken_back(self, made: Mapping[str, Any]) -> None:
        importing.take_back(Made(**made))

    def made(self, activity: Activity) -> None:
        building.build(activity, [], quiz_settings.read({}))

    def copied(self, activity: Activity, source: Activity) -> None:
        quiz = queries.quiz_of(source.id)
        if quiz is not None:
            copying.copy(quiz, activity)

    def removed(self, activity: Activity) -> None:
        quiz = queries.quiz_of(activity.id)
        if quiz is not None:
            copying.remove(quiz)

    def workshop(self, activity: Activity) -> Workshop | None:
        quiz = queries.quiz_of(activity.id)
        return Workshop("quiz_editing.quiz", {"quiz_id": quiz.id}, _("Questions and settings")) if quiz else None

    def grades(self, activity_id: int, enrolment_ids: Sequence[int]) -> Mapping[int, Grade]:
        quiz = queries.quiz_of(activity_id)
        if quiz is None:
            return {}
        return {key: Grade(each.share, each.passed) for key, each in final_grades.of_all(quiz, enrolment_ids).items()}

    def is_under_way(self, activity_id: int, enrolment_id: int) -> bool:
        quiz = queries.quiz_of(activity_id)
        return quiz is not None and any(each.state in timing.OPEN for each in queries.attempts_of(enrolment_id, quiz.id))

    def not_ready(self, activity: Activity) -> str:
        quiz = queries.quiz_of(activity.id)
        if quiz is not None and not queries.question_count(quiz.id):
            return _("Quiz “{title}” has no question yet.", title=localised(activity.title))
        if quiz is not None and putting_together.lacks(quiz):
            return _(
                "Quiz “{title}”: there is no question for some of its places. Open its questions and mend them.",
                title=localised(activity.title),
            )
        if quiz is not None and not putting_together.earns_marks(quiz):
            return _("Quiz “{title}”: nothing can be earned in it. Give its questions marks.", title=localised(activity.title))
        return ""

    def entry(self, place: Place) -> Entry:
        quiz = queries.quiz_of(place.step.id)
        attempts = queries.attempts_of(place.enrolment_id, quiz.id) if quiz and place.enrolment_id is not None else []
        open_attempt = next((attempt for attempt in attempts if attempt.state in timing.OPEN), None)
        over = [attempt for attempt in attempts if attempt is not open_attempt]
        allowed = queries_rules.of(quiz, place.person_id) if quiz else None
        refusal = timing.refusal(allowed, clock.now(), queries.tries(attempts)) if allowed and not open_attempt else None
        return Entry(
            "quizzes/entry.html",
            {
                "quiz": quiz,
                "allowed": allowed,
                "question_count": queries.question_count(quiz.id) if quiz else 0,
                "attempts": over,
                "open_attempt": open_attempt,
                "refusal": refusal,
                "grade": final_grades.of(quiz, attempts) if quiz else None,
                "marks_shown": _marks_shown(quiz, over, allowed) if quiz and allowed else set(),
                "behaviour": OF_QUIZZES[quiz.behaviour].label if quiz else "",
                "sections": [localised(each.headings) for each in quiz.sections if each.headings] if quiz else [],
            },
        )


def _settings_problems(draft: ActivityDraft, questions: Sequence[QuestionDraft], languages: Iterable[str]) -> list[Problem]:
    try:
        settings = quiz_settings.read(draft.settings)
    except WrongShape as error:
        return [Problem("course.yaml", 1, f"{draft.key}: {error}", "Correct the settings of the quiz.")]
    found = [*quiz_settings.unserved(settings, questions), *quiz_settings.untranslated(settings, languages)]
    return [Problem("course.yaml", 1, f"{draft.key}: {each}", "Correct the settings of the quiz.") for each in found]


def _marks_shown(quiz: Quiz, over: Iterable[Attempt], rules: Rules) -> set[int]:
    """Return the ids of the attempts whose marks their learner may see now."""
    now = clock.now()
    phases = {each.id: review.phase(State(each.state), each.finished_at, now, rules.closes_at) for each in over}
    return {attempt_id for attempt_id, phase in phases.items() if Item.MARKS in review.shown(quiz.review, phase)}


def _needs_a_person(type_key: str) -> bool:
    question_type = question_types.get(type_key)
    return question_type.asks and not question_type.gradable


def _questions(draft: ActivityDraft) -> _Read:
    """Read the questions of a draft in all its languages."""
    by_language: dict[str, tuple[QuestionDraft, ...]] = {}
    found: list[tuple[str, QuestionProblem]] = []
    files = [(FORMAT, *each) for each in draft.texts.items()]
    files += [(MORE, language, file) for language, of_one in draft.more.items() for file in of_one]
    for format_key, language, file in files:
        read = formats.get(format_key).read(file.text.encode(), language)
        by_language[language] = by_language.get(language, ()) + tuple(read.drafts)
        found += [(file.path, problem) for problem in read.problems]
        # In a course nothing is left out in silence.
        found += [
            (file.path, QuestionProblem(Severity.ERROR, f"Questions of the type {name!r} cannot be used.")) for name in read.unsupported
        ]
    merged, differences = drafting.merge(by_language) if by_language else ([], [])
    found += [(_first_path(draft), problem) for problem in differences]
    whole: list[QuestionDraft] = []
    for file in draft.whole:
        drafts, problems = course_questions.read(file.text)
        whole += drafts
        found += [(file.path, problem) for problem in problems]
    return _Read(_prepared(merged), _prepared(whole), tuple(found))


def _prepared(drafts: Sequence[QuestionDraft]) -> tuple[Prepared, ...]:
    return tuple(drafting.prepare(each, question_types.get(each.type)) for each in drafts)


def _unknown_law(question: QuestionDraft) -> Iterator[QuestionProblem]:
    for tag in question.tags:
        if not tag.startswith(LAW_TAG):
            continue
        try:
            law.register().reference(tag.removeprefix(LAW_TAG))
        except UnknownReferenceError as error:
            yield QuestionProblem(Severity.ERROR, f"The tag {tag!r} names no law: {error}.", question.position, question.name)


def _cited(activity: ActivityDraft, language: str, question: QuestionDraft) -> Iterator[Citation]:
    """Return the places of the law that the tags of a question name."""
    said = html.text_of(question.texts.of("stem", language))
    path = activity.texts[language].path if language in activity.texts else _first_path(activity)
    for tag in question.tags:
        if not tag.startswith(LAW_TAG):
            continue
        # What was put together in a bank may name what the register does not have.
        with suppress(UnknownReferenceError):
            yield Citation(path, question.position or 1, "question", said, law.register().reference(tag.removeprefix(LAW_TAG)), None)


def _first_path(draft: ActivityDraft) -> str:
    texts = (*draft.texts.values(), *chain.from_iterable(draft.more.values()), *draft.whole)
    return next((file.path for file in texts), "course.yaml")

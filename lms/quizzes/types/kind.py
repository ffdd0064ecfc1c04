"""What every question type can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, ClassVar, Generic, TypeVar, cast

from lms.core import unwritable
from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes.bodies import every
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.bodies.writing import Criterion
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Severity, Texts
from lms.quizzes.grading import Grade, GradeState, PartMark
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.on_paper import OnPaper

B = TypeVar("B", bound=Body)

LONGEST_TEXT = 1000  # letters of a typed answer; an essay may be longer


class QuestionType(ABC, Generic[B]):
    """One way to ask.  No state: one instance serves all questions.

    A response is a JSON object of keys, never of texts; ``{}`` is no answer.
    Methods that take a response take what ``clean`` returned, also for an older
    version of the body: keys that are gone count as wrong and do not raise.
    """

    key: ClassVar[str]
    label: ClassVar[LazyText]
    gradable: ClassVar[bool] = True  # without a person
    ticks_many: ClassVar[bool] = False  # of its votes
    asks: ClassVar[bool] = True  # there is something to answer

    def read_body(self, data: object) -> B:
        """Read the ``body`` column, also as text, as the database keeps it.  Raises WrongShape."""
        if isinstance(data, str):
            return cast(B, every.body_from_text(self.key, data))
        return cast(B, every.body_from_json(self.key, data))

    @abstractmethod
    def check(self, body: B, texts: Texts) -> list[Problem]:
        """Return what an author should mend; a question with an error cannot be used."""

    def tidy(self, body: B, texts: Texts) -> tuple[B, Texts]:
        """Return the same question in its simplest form; call it before saving."""
        return body, texts

    def empty(self, response: Response) -> bool:
        """Say whether nothing was answered."""
        return not response

    def trouble(self, body: B, response: Response) -> LazyText | None:
        """Return what the learner should still mend in a response that is not empty, if anything."""
        return None

    def takes_files(self, body: B) -> bool:
        """Say whether files can be added to a response."""
        return False

    def beside(self, response: Response) -> Response:
        """Return what of a response no page sends with its fields: files, each of which was acknowledged by itself."""
        return {}

    def needs(self, body: B) -> LazyText | None:
        """Return what an answer must have that its fields do not show, to be said also where nothing is answered yet."""
        return None

    def complete(self, body: B, response: Response) -> bool:
        """Say whether the response is whole.

        One that is not is "invalid" while the attempt is open; what there is of it
        is still graded at the end.
        """
        return not self.empty(response) and self.trouble(body, response) is None

    def same(self, first: Response, second: Response) -> bool:
        """Say whether two responses are the same, so that nothing new has to be stored."""
        return dict(first) == dict(second)

    @abstractmethod
    def grade(self, body: B, response: Response) -> Grade:
        """Return what the response is worth."""

    def parts_of(self, body: B, response: Response) -> Mapping[str, PartMark]:
        """Return how each part did, with the same keys for every response; {} where the answer is graded as a whole."""
        return {}

    def count_right(self, body: B, response: Response) -> tuple[int, int] | None:
        """Return how many parts are right, of how many; None where a number would tell nothing, or too much."""
        parts = self.parts_of(body, response)
        return (sum(part.fraction == 1.0 for part in parts.values()), len(parts)) if parts else None

    def without_wrong(self, body: B, response: Response) -> Response:
        """Return what a hint leaves of a response when it clears what is wrong."""
        return response if self.grade(body, response).state is GradeState.RIGHT else {}

    def hints(self, body: B) -> Sequence[Hint]:
        """Return what each hint does; its text is ``hint.<n>``."""
        return getattr(body, "hints", ())

    @abstractmethod
    def right_answer(self, body: B) -> Response:
        """Return a response that is worth most."""

    def shown_keys(self, body: B) -> frozenset[str]:
        """Return the keys of what learners see and can refer to.

        Answers to one version can be marked by another that shows the same; what
        only decides, such as the words that count as right, is not among them.
        """
        return frozenset(every.keys_of(body))

    def name_part(self, body: B, texts: Texts, key: str, language: str = DEFAULT) -> str:
        """Return what a part of the question is called in a table: its text, where it has one."""
        return wording.plain(texts.of(key, language)) or key

    def guess_fraction(self, body: B) -> float | None:
        """Return what somebody earns on average who chooses blindly, as share of the mark; None when nobody can say."""
        return None

    @abstractmethod
    def describe(self, body: B, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        """Return the response as plain text for reports; "" for none."""

    def votes(self, body: B) -> tuple[str, ...]:
        """Return the keys that a class can vote on by show of hands; none where there is nothing to count."""
        return ()

    def rubric(self, body: B) -> tuple[Criterion, ...]:
        """Return the criteria by which a person marks the response; none: by a mark alone."""
        return ()

    def on_paper(self, body: B, drawing: Drawing) -> OnPaper | None:
        """Return what stands below the stem on paper; None: it can only be answered on a screen."""
        return None

    def shuffle_order(self, body: B, random: Random) -> list[str]:
        """Return the keys in the order in which one attempt shows them."""
        return []

    def draw(self, body: B, drawing: Drawing) -> Sketch:
        """Return what the template of this type needs."""
        return Sketch(drawing.html("stem"))

    @abstractmethod
    def clean(self, body: B, raw: Mapping[str, Any]) -> Response:
        """Return the normalised response from JSON or form values (text or list of texts).

        Fields that the type does not know are ignored.  Raises InvalidResponse.
        """


DELETED = lazy_("[a choice that was deleted]")


def error(message: LazyText, *, where: str = "") -> Problem:
    return Problem(Severity.ERROR, message, where=where)


def warning(message: LazyText, *, where: str = "") -> Problem:
    return Problem(Severity.WARNING, message, where=where)


def check_texts(texts: Texts, *keys: str) -> list[Problem]:
    """Return an error for a text that exists in no language, and a warning for one not translated."""
    problems = []
    for key in ("stem", *keys):
        found = texts.in_all(key)
        missing = [code for code, text in zip(texts.languages, found, strict=True) if not text.strip()]
        if len(missing) == len(found):
            problems.append(error(_no_text(key), where=key))
        elif missing:
            codes = ", ".join(missing)
            problems.append(warning(lazy_("The text “{key}” is not translated: {codes}.", key=key, codes=codes), where=key))
    return problems


def _no_text(key: str) -> LazyText:
    return lazy_("The question has no text.") if key == "stem" else lazy_("The text “{key}” is empty.", key=key)


def check_fractions(fractions: Sequence[float]) -> list[Problem]:
    """Return errors for fractions outside -1.0 to 1.0."""
    if all(-1.0 <= fraction <= 1.0 for fraction in fractions):
        return []
    return [error(lazy_("A choice is worth between -100 % and 100 % of the mark."))]


def one_text(raw: Mapping[str, Any], name: str) -> str:
    """Return the last value of a field, which a form gives as a list; "" when there is none."""
    value = raw.get(name)
    if isinstance(value, list | tuple):
        value = value[-1] if value else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise InvalidResponse()
    return unwritable.SIGNS.sub("", value)


def many_texts(raw: Mapping[str, Any], name: str) -> list[str]:
    """Return all values of a field."""
    value = raw.get(name)
    values = value if isinstance(value, list | tuple) else [value]
    if not all(each is None or isinstance(each, str) for each in values):
        raise InvalidResponse()
    return [each for each in values if each]


def shuffled(keys: Sequence[str], random: Random, *, fixed: frozenset[str] = frozenset()) -> list[str]:
    """Return the keys in random order, those that are fixed at their place."""
    free = [key for key in keys if key not in fixed]
    random.shuffle(free)
    moving = iter(free)
    return [key if key in fixed else next(moving) for key in keys]

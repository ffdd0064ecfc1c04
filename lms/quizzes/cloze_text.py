"""Embedded answers as text: ``{1:MULTICHOICE:=right#well done~wrong}``, read and written as Moodle does (pure).

    {2:SHORTANSWER:=Hà Nội#Đúng.~%50%Ha Noi~*#Chưa đúng.}

The number is the weight, 1 when it is left out.  = marks what is worth
everything, %50% what is worth half; ~ stands between answers, # before a
feedback.  } ~ # / " and \\ are written with a \\ before them where they stand
for themselves, or as HTML entities.  What is read is what an author sees in
the editor, and what stands in files of the formats that know this text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import unescape

from lms.core.i18n import lazy_
from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.gaps import Gap, GapKind
from lms.quizzes.bodies.numbers import NumericalAnswer
from lms.quizzes.bodies.words import TextAnswer
from lms.quizzes.content import LazyText, Problem, Severity

KINDS: Mapping[str, GapKind] = {
    **{kind.value: kind for kind in GapKind},
    "MC": GapKind.LIST,
    "MCS": GapKind.LIST_SHUFFLED,
    "MCV": GapKind.DOWN,
    "MCVS": GapKind.DOWN_SHUFFLED,
    "MCH": GapKind.ACROSS,
    "MCHS": GapKind.ACROSS_SHUFFLED,
    "MR": GapKind.SEVERAL,
    "MRS": GapKind.SEVERAL_SHUFFLED,
    "MRV": GapKind.SEVERAL,
    "MULTIRESPONSE_V": GapKind.SEVERAL,
    "MRVS": GapKind.SEVERAL_SHUFFLED,
    "MULTIRESPONSE_VS": GapKind.SEVERAL_SHUFFLED,
    "MRH": GapKind.SEVERAL_ACROSS,
    "MRHS": GapKind.SEVERAL_ACROSS_SHUFFLED,
    "SA": GapKind.WORD,
    "MW": GapKind.WORD,
    "SAC": GapKind.WORD_CASE,
    "MWC": GapKind.WORD_CASE,
    "NM": GapKind.NUMBER,
}

PLACE = re.compile(r"\{#([0-9]{1,6})\}")  # where a gap stands in the text that is stored

_BEGIN = re.compile(r"\{\s*([0-9]*)\s*:\s*([A-Za-z][A-Za-z_]*)\s*(:?)")
_STRICT = re.compile(r"\{[0-9]*:[A-Za-z_]+:")
_ENTITY = r"&(?:amp;)?#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|&[A-Za-z][A-Za-z0-9]{1,31};"
_TOKEN = re.compile(rf"\\[}}~#/\"\\]|{_ENTITY}|[~#}}]|\{{")
_QUOTED = re.compile(rf"\\([}}~#/\"\\])|({_ENTITY})")
_WORTH = re.compile(r"=|%(-?[0-9]{1,10}(?:[.,][0-9]{0,10})?)%")
_NUMBER = r"-?(?:[0-9]{1,40}[.,]?[0-9]{0,40}|[.,][0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?"
_NUMERICAL = re.compile(rf"({_NUMBER})\s*(?::\s*({_NUMBER}))?")
_LARGEST_WEIGHT = 1000
_EXACT = 0.001  # three times 33.33333 % is 100 %


@dataclass(frozen=True)
class Embedded:
    """A text with places to answer: ``stem`` holds ``{#1}``, ``texts`` what can be chosen and the feedback, by key.

    ``lines`` says for each gap in which line of the text it began.
    """

    stem: str
    gaps: tuple[Gap, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def looks_like(text: str) -> bool:
    """Say whether there is an embedded answer in the text."""
    return any(found[2].upper() in KINDS for found in _BEGIN.finditer(text))


def parse(text: str) -> Embedded:
    """Return the gaps of a text; what cannot be understood is a problem with its line.

    Fractions of several right choices are brought to a sum of 1, as Moodle does.
    """
    return _Reading(text).all()


def write(stem: str, gaps: tuple[Gap, ...], texts: Mapping[str, str]) -> str:
    """Return the text that ``parse`` reads as these gaps."""
    known = {gap.key: gap for gap in gaps}
    return PLACE.sub(lambda place: _written(known[place[1]], texts) if place[1] in known else place[0], stem)


# --- reading


class _Broken(Exception):
    def __init__(self, message: LazyText, at: int) -> None:
        super().__init__()
        self.message, self.at = message, at


@dataclass
class _Answer:
    """One answer as it is written."""

    text: str
    fraction: float
    feedback: str
    in_percent: bool


@dataclass
class _Reading:
    text: str
    gaps: list[Gap] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def all(self) -> Embedded:
        pieces, end = [], 0
        for place in PLACE.finditer(self.text):
            self._complain(lazy_("“{text}” stands for a gap and cannot be part of the text.", text=place[0]), place.start())
        for found in self._beginnings():
            if found.start() < end:
                continue
            try:
                gap, after = self._gap(found)
            except _Broken as error:
                self._complain(error.message, error.at)
                end = max(end, found.end())
                continue
            pieces += [self.text[end : found.start()], f"{{#{gap.key}}}"]
            self.gaps.append(gap)
            end = after
        stem = "".join([*pieces, self.text[end:]])
        if not self.gaps and not self.problems:
            message = lazy_("There is no gap in the text. Write one as {example}.", example="{1:SHORTANSWER:=…}")
            self._complain(message, 0)
        return Embedded(stem, tuple(self.gaps), self.texts, self.lines, tuple(self.problems))

    def _beginnings(self) -> Iterator[re.Match[str]]:
        for found in _BEGIN.finditer(self.text):
            if found[3] or found[2].upper() in KINDS:
                yield found

    def _gap(self, found: re.Match[str]) -> tuple[Gap, int]:
        """Return the gap that begins here, and where it ends."""
        name = found[2].upper()
        if name not in KINDS:
            known = ", ".join(kind.value for kind in GapKind)
            raise _Broken(lazy_("“{name}” is no kind of gap. There are {known}.", name=found[2], known=known), found.start())
        if not _STRICT.fullmatch(found[0]):
            message = lazy_(
                "A gap begins like {right}, without spaces and with a colon; here stands {wrong}.", right=f"{{1:{name}:", wrong=found[0]
            )
            raise _Broken(message, found.start())
        if found[1] and int(found[1][:9]) > _LARGEST_WEIGHT:
            raise _Broken(lazy_("A gap has a weight of at most {most}.", most=_LARGEST_WEIGHT), found.start())
        answers, end = self._answers(found)
        key, kind = str(len(self.gaps) + 1), KINDS[name]
        gap = Gap(key, kind, int(found[1] or 1))
        gap = self._with_numbers(gap, answers, found.start()) if kind is GapKind.NUMBER else self._with_texts(gap, answers)
        for index, answer in enumerate(answers):
            if answer.feedback:
                self.texts[f"{key}{key_at(index)}.feedback"] = answer.feedback
        self.lines[key] = self._line(found.start())
        return gap, end

    def _answers(self, begin: re.Match[str]) -> tuple[list[_Answer], int]:
        """Cut what stands in the braces into answers; return them and where the gap ends."""
        answers: list[_Answer] = []
        start, feedback_at = begin.end(), -1
        for token in _TOKEN.finditer(self.text, begin.end()):
            if token[0] == "{" and (inner := _BEGIN.match(self.text, token.start())) and inner[2].upper() in KINDS:
                break
            if token[0] == "#" and feedback_at < 0:
                feedback_at = token.end()
            elif token[0] in ("~", "}"):
                text_end = feedback_at - 1 if feedback_at >= 0 else token.start()
                feedback = self.text[feedback_at : token.start()] if feedback_at >= 0 else ""
                answers.append(self._answer(self.text[start:text_end], feedback, begin.start()))
                if token[0] == "}":
                    return answers, token.end()
                start, feedback_at = token.end(), -1
        raise _Broken(lazy_("The gap {begin}… is not closed: a }} is missing.", begin=begin[0]), begin.start())

    def _answer(self, written: str, feedback: str, at: int) -> _Answer:
        written = written.lstrip()
        worth = _WORTH.match(written)
        fraction = 0.0
        if worth:
            fraction = 1.0 if worth[1] is None else float(Decimal(worth[1].replace(",", ".")) / 100)
            written = written[worth.end() :]
        text = _plain(written).strip()
        if not text:
            raise _Broken(lazy_("An answer of this gap is empty. Write it, or take out a ~."), at)
        return _Answer(text, fraction, _plain(feedback).strip(), bool(worth and worth[1] is not None))

    def _with_texts(self, gap: Gap, answers: list[_Answer]) -> Gap:
        keys = [f"{gap.key}{key_at(index)}" for index in range(len(answers))]
        if gap.kind.is_word:
            words = (TextAnswer(key, answer.text, answer.fraction) for key, answer in zip(keys, answers, strict=True))
            return replace(gap, words=tuple(words))
        self.texts |= {key: answer.text for key, answer in zip(keys, answers, strict=True)}
        worth = [answer.fraction for answer in answers]
        if gap.kind.is_several:
            worth = _shares(worth, in_percent=any(answer.in_percent for answer in answers))
        return replace(gap, choices=tuple(Choice(key, fraction) for key, fraction in zip(keys, worth, strict=True)))

    def _with_numbers(self, gap: Gap, answers: list[_Answer], at: int) -> Gap:
        numbers = []
        for index, answer in enumerate(answers):
            key = f"{gap.key}{key_at(index)}"
            found = _NUMERICAL.fullmatch(answer.text)
            if found:
                value, tolerance = (Decimal((each or "0").replace(",", ".")) for each in found.groups())
                numbers.append(NumericalAnswer(key, answer.fraction, value=value, tolerance=tolerance))
            elif answer.text == "*":
                numbers.append(NumericalAnswer(key, answer.fraction))
            else:
                message = lazy_("“{text}” is not a number. Write 12, 12:0.5 for 12 give or take a half, or * for any.", text=answer.text)
                raise _Broken(message, at)
        return replace(gap, numbers=tuple(numbers))

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def _complain(self, message: LazyText, at: int) -> None:
        self.problems.append(Problem(Severity.ERROR, message, self._line(at)))


def _plain(written: str) -> str:
    """Return what is meant by a text with \\} or &#125; in it."""
    return _QUOTED.sub(lambda found: found[1] or unescape(found[2].replace("&amp;#", "&#")), written)


def _shares(worth: list[float], *, in_percent: bool) -> list[float]:
    """Let the right choices add up to 1; a wrong one takes back one right one unless percents say otherwise."""
    total = sum(fraction for fraction in worth if fraction > 0)
    if total <= 0:
        return worth
    if abs(total - 1) >= _EXACT:
        worth = [round(fraction / total, 7) if fraction > 0 else fraction for fraction in worth]
    if in_percent:
        return worth
    return [fraction if fraction > 0 else -round(1 / total, 7) for fraction in worth]


# --- writing


def _written(gap: Gap, texts: Mapping[str, str]) -> str:
    several = gap.kind.is_several
    # One percent sign makes percents of all: a wrong choice that begins like a worth needs one before it.
    begins_like_worth = any(choice.fraction <= 0 and _WORTH.match(texts.get(choice.key, "")) for choice in gap.choices)
    in_percent = several and (begins_like_worth or not _is_simple([choice.fraction for choice in gap.choices]))
    answers = [(choice.key, texts.get(choice.key, ""), choice.fraction) for choice in gap.choices]
    answers += [(word.key, word.pattern, word.fraction) for word in gap.words]
    answers += [(number.key, _numerical(number), number.fraction) for number in gap.numbers]
    rows = []
    for key, text, fraction in answers:
        feedback = texts.get(f"{key}.feedback", "")
        written = f"{_worth(text, fraction, in_percent=in_percent, several=several)}{_quoted(text)}"
        rows.append(f"{written}#{_quoted(feedback)}" if feedback else written)
    return f"{{{gap.weight}:{gap.kind}:{'~'.join(rows)}}}"


def _is_simple(worth: list[float]) -> bool:
    """Say whether = and nothing before the wrong ones is read as these fractions."""
    return _shares([1.0 if fraction > 0 else 0.0 for fraction in worth], in_percent=False) == worth


def _worth(text: str, fraction: float, *, in_percent: bool, several: bool) -> str:
    if several and not in_percent:
        return "=" if fraction > 0 else ""
    if fraction == 1.0 and not in_percent:
        return "="
    if fraction == 0.0 and not in_percent:
        return _if_needed(text)
    return f"%{(Decimal(repr(fraction)) * 100).normalize():f}%"


def _if_needed(text: str) -> str:
    """A text that begins like the worth of an answer needs a worth before it."""
    return "%0%" if _WORTH.match(text) else ""


def _numerical(number: NumericalAnswer) -> str:
    if number.value is None:
        return "*"
    return f"{number.value:f}:{number.tolerance:f}" if number.tolerance else f"{number.value:f}"


_SIGNS = re.compile(r"[}~#]|\\(?=[}~#/\"\\]|$)|&(?=(?:amp;)?#|[A-Za-z])")
_WRITTEN = {"}": "\\}", "#": "\\#", "~": "&#126;", "\\": "&#92;", "&": "&amp;"}


def _quoted(text: str) -> str:
    """Write what would end an answer; ~ and \\ as entities, which Moodle takes back as well."""
    return _SIGNS.sub(lambda found: _WRITTEN[found[0]], text)

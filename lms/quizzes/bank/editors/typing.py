"""Editors of questions that are answered by typing a word or a number."""

from decimal import Decimal

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Row, Rows, Sheet, Switch, Text, percent
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Separators, Unit, UnitGrading, UnitInput
from lms.quizzes.bodies.words import Marks, ShortAnswerBody, TextAnswer

_WORTH = Line("fraction", lazy_("Worth, in % of the mark"), mode="decimal")
_FEEDBACK = Text("feedback", lazy_("Feedback for this answer"), folded=True)
_ANYTHING, _VALUE, _RANGE = "anything", "value", "range"
MARKS = Pick(
    "marks",
    lazy_("Vietnamese marks"),
    (
        (Marks.KEEP, lazy_("must be right")),
        (Marks.IGNORE_TONES, lazy_("tone marks may be missing: mat khâu")),
        (Marks.IGNORE_ALL, lazy_("all marks may be missing: mat khau")),
    ),
)
SEPARATORS = Pick(
    "separators",
    lazy_("How numbers are written"),
    (
        (Separators.EITHER, lazy_("1,5 or 1.5; the learner is asked what 1.234 means")),
        (Separators.COMMA, "1.234,5"),
        (Separators.POINT, "1,234.5"),
    ),
)


class ShortAnswerEditor(Editor[ShortAnswerBody]):
    """A word or a short phrase."""

    key = "short_answer"
    parts = (
        Rows(
            "answers",
            lazy_("Answers that count"),
            lazy_("Answer"),
            lazy_("One more answer"),
            (Line("pattern", lazy_("Answer"), hint=lazy_("* stands for anything")), _WORTH, _FEEDBACK),
            start=2,
            sortable=True,
            hint=lazy_("The first one that fits decides. An answer * at the end, worth 0, is for feedback to all others."),
        ),
        Switch("case", lazy_("Capitals matter")),
        MARKS,
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"answers.0.fraction": "100"}

    def open(self, body: ShortAnswerBody, form: Opening) -> None:
        def fill(row: Opening, answer: TextAnswer) -> None:
            row.line("pattern", answer.pattern)
            row.share("fraction", answer.fraction)
            row.text("feedback", f"{answer.key}.feedback")

        form.rows("answers", body.answers, fill)
        form.on("case", body.case)
        form.line("marks", body.marks)

    def read(self, sheet: Sheet) -> ShortAnswerBody:
        def answer(row: Row) -> TextAnswer:
            pattern = row.line("pattern")
            if not pattern:
                row.complain("pattern", lazy_("Write the answer, or take the row out."))
            row.text("feedback", f"{row.key}.feedback")
            return TextAnswer(row.key, pattern, row.share("fraction"))

        return ShortAnswerBody(tuple(map(answer, sheet.rows("answers"))), sheet.on("case"), Marks(sheet.pick("marks", Marks.KEEP)))


class NumericalEditor(Editor[NumericalBody]):
    """A number, with or without a unit."""

    key = "numerical"
    parts = (
        Rows(
            "answers",
            lazy_("Answers that count"),
            lazy_("Answer"),
            lazy_("One more answer"),
            (
                Pick(
                    "of", lazy_("What counts"), ((_VALUE, lazy_("a value")), (_RANGE, lazy_("a range")), (_ANYTHING, lazy_("any number")))
                ),
                Line("value", lazy_("Value"), mode="decimal"),
                Line("tolerance", lazy_("Tolerance, more or less"), mode="decimal"),
                Switch("relative", lazy_("The tolerance is a share of the value: 0,1 is a tenth")),
                Line("low", lazy_("From"), mode="decimal"),
                Line("high", lazy_("Up to"), mode="decimal"),
                _WORTH,
                _FEEDBACK,
            ),
            start=1,
            sortable=True,
            hint=lazy_("The first one that fits decides."),
        ),
        SEPARATORS,
        Rows(
            "units",
            lazy_("Units of measure"),
            lazy_("Unit of measure"),
            lazy_("One more unit"),
            (
                Line("symbol", lazy_("Symbol"), hint=lazy_("such as km")),
                Line("multiplier", lazy_("How many of it make one of the unit of the answers"), mode="decimal"),
            ),
            hint=lazy_("Only when the answer needs one. The unit of the answers above has the number 1."),
        ),
        Pick(
            "unit_input",
            lazy_("The unit is"),
            (
                (UnitInput.NONE, lazy_("not asked for")),
                (UnitInput.TEXT, lazy_("typed with the number")),
                (UnitInput.RADIO, lazy_("ticked")),
                (UnitInput.SELECT, lazy_("chosen from a list")),
            ),
        ),
        Pick(
            "unit_grading",
            lazy_("A missing unit costs"),
            (
                (UnitGrading.IGNORED, lazy_("nothing")),
                (UnitGrading.OF_RESPONSE, lazy_("a share of what the answer is worth")),
                (UnitGrading.OF_QUESTION, lazy_("a share of the whole mark")),
            ),
        ),
        Line("unit_penalty", lazy_("That share, in %"), mode="decimal"),
        Switch("units_left", lazy_("The unit stands before the number")),
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"answers.0.fraction": "100", "unit_penalty": "10"}

    def open(self, body: NumericalBody, form: Opening) -> None:
        def answer(row: Opening, each: NumericalAnswer) -> None:
            row.line("of", _RANGE if each.low is not None else _ANYTHING if each.value is None else _VALUE)
            row.line("value", each.value)
            row.line("tolerance", each.tolerance if each.tolerance or each.value is not None else None)
            row.on("relative", each.relative)
            row.line("low", each.low)
            row.line("high", each.high)
            row.share("fraction", each.fraction)
            row.text("feedback", f"{each.key}.feedback")

        def unit(row: Opening, each: Unit) -> None:
            row.line("symbol", each.symbol)
            row.line("multiplier", each.multiplier)

        form.rows("answers", body.answers, answer)
        form.rows("units", body.units, unit)
        form.line("separators", body.separators)
        form.line("unit_input", body.unit_input)
        form.line("unit_grading", body.unit_grading)
        form.line("unit_penalty", percent(body.unit_penalty))
        form.on("units_left", body.units_left)

    def read(self, sheet: Sheet) -> NumericalBody:
        return NumericalBody(
            tuple(_number(row) for row in sheet.rows("answers")),
            Separators(sheet.pick("separators", Separators.EITHER)),
            tuple(Unit(row.key, row.line("symbol"), row.number("multiplier", Decimal(1)) or Decimal(0)) for row in sheet.rows("units")),
            UnitInput(sheet.pick("unit_input", UnitInput.NONE)),
            UnitGrading(sheet.pick("unit_grading", UnitGrading.IGNORED)),
            sheet.share("unit_penalty", 0.1),
            sheet.on("units_left"),
        )


def _number(row: Row) -> NumericalAnswer:
    row.text("feedback", f"{row.key}.feedback")
    of, fraction = row.pick("of", _VALUE), row.share("fraction")
    tolerance = row.number("tolerance", Decimal(0)) or Decimal(0)
    if tolerance < 0:
        row.complain("tolerance", lazy_("A tolerance is not negative."))
    if of == _RANGE:
        low, high = row.number("low"), row.number("high")
        if low is None or high is None or low > high:
            row.complain("low", lazy_("A range goes from a lower to a higher number."))
        return NumericalAnswer(row.key, fraction, low=low, high=high)
    if of == _ANYTHING:
        return NumericalAnswer(row.key, fraction)
    value = row.number("value")
    if value is None:
        row.complain("value", lazy_("Write the number, or take the row out."))
        value = Decimal(0)
    return NumericalAnswer(row.key, fraction, value, tolerance, row.on("relative"))

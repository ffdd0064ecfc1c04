"""Editors of questions in which choices are ticked."""

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Row, Rows, Sheet, Switch, Text
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.parts import Numbering

NUMBERINGS = (
    (Numbering.LETTERS, "a, b, c"),
    (Numbering.CAPITALS, "A, B, C"),
    (Numbering.DIGITS, "1, 2, 3"),
    (Numbering.ROMAN, "i, ii, iii"),
    (Numbering.ROMAN_CAPITALS, "I, II, III"),
    (Numbering.NONE, lazy_("no letters")),
)
_SHUFFLE = Switch("shuffle", lazy_("Shuffle the choices"))
_NUMBERING = Pick("numbering", lazy_("Before each choice"), NUMBERINGS)
_INSTRUCTION = Switch("instruction", lazy_("Say above the choices how many to tick"))
SHOW_COUNT = Switch("show_count", lazy_("Tell how many were right, with the feedback"))


def _choices(hint: object) -> Rows:
    return Rows(
        "choices",
        lazy_("Choices"),
        lazy_("Choice"),
        lazy_("One more choice"),
        (
            Text("text", lazy_("Choice"), lines=2),
            Line("fraction", lazy_("Worth, in % of the mark"), mode="decimal"),
            Text("feedback", lazy_("Feedback when it is chosen"), folded=True),
            Switch("fixed", lazy_("Keeps its place when the others are shuffled")),
        ),
        start=4,
        hint=hint,
    )


class SingleChoiceEditor(Editor[SingleChoiceBody]):
    """One of several choices."""

    key = "single_choice"
    combined = True
    parts = (
        _choices(lazy_("Write 100 at the right choice; what stays empty is worth nothing.")),
        _SHUFFLE,
        _NUMBERING,
        _INSTRUCTION,
        SHOW_COUNT,
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1", "choices.0.fraction": "100"}

    def open(self, body: SingleChoiceBody, form: Opening) -> None:
        _open(body, form)

    def read(self, sheet: Sheet) -> SingleChoiceBody:
        return SingleChoiceBody(
            tuple(_choice(row) for row in sheet.rows("choices")),
            sheet.on("shuffle"),
            Numbering(sheet.pick("numbering", Numbering.LETTERS)),
            sheet.on("instruction"),
            sheet.on("show_count"),
        )


class MultipleChoiceEditor(Editor[MultipleChoiceBody]):
    """Any of several choices."""

    key = "multiple_choice"
    combined = True
    parts = (
        _choices(lazy_("The right choices add up to 100; a wrong one can cost something, such as -50.")),
        Pick(
            "scoring",
            lazy_("How ticks add up"),
            (
                (Scoring.CLAMPED, lazy_("sum of what is ticked, never below zero")),
                (Scoring.PROPORTIONAL, lazy_("right ticks less wrong ones, of all that are right")),
                (Scoring.ALL_OR_NOTHING, lazy_("all or nothing")),
            ),
        ),
        _SHUFFLE,
        _NUMBERING,
        _INSTRUCTION,
        SHOW_COUNT,
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1", "choices.0.fraction": "50", "choices.1.fraction": "50"}

    def open(self, body: MultipleChoiceBody, form: Opening) -> None:
        _open(body, form)
        form.line("scoring", body.scoring)

    def read(self, sheet: Sheet) -> MultipleChoiceBody:
        return MultipleChoiceBody(
            tuple(_choice(row) for row in sheet.rows("choices")),
            Scoring(sheet.pick("scoring", Scoring.CLAMPED)),
            sheet.on("shuffle"),
            Numbering(sheet.pick("numbering", Numbering.LETTERS)),
            sheet.on("instruction"),
            sheet.on("show_count"),
        )


class TrueFalseEditor(Editor[TrueFalseBody]):
    """A statement that is right or wrong."""

    key = "true_false"
    stem_hint = lazy_("A statement, such as “A password may be shared with the head teacher.”")
    parts = (
        Pick("right", lazy_("The statement is"), (("true", lazy_("True")), ("false", lazy_("False")))),
        Text("true_feedback", lazy_("Feedback for those who answer “True”"), folded=True),
        Text("false_feedback", lazy_("Feedback for those who answer “False”"), folded=True),
    )

    def open(self, body: TrueFalseBody, form: Opening) -> None:
        form.line("right", "true" if body.right else "false")
        form.text("true_feedback", "true.feedback")
        form.text("false_feedback", "false.feedback")

    def read(self, sheet: Sheet) -> TrueFalseBody:
        sheet.text("true_feedback", "true.feedback")
        sheet.text("false_feedback", "false.feedback")
        return TrueFalseBody(sheet.pick("right", "true") == "true")


def _open(body: SingleChoiceBody | MultipleChoiceBody, form: Opening) -> None:
    form.rows("choices", body.choices, _open_choice)
    form.on("shuffle", body.shuffle)
    form.line("numbering", body.numbering)
    form.on("instruction", body.instruction)
    form.on("show_count", body.show_count)


def _open_choice(row: Opening, choice: Choice) -> None:
    row.text("text", choice.key)
    row.share("fraction", choice.fraction)
    row.text("feedback", f"{choice.key}.feedback")
    row.on("fixed", choice.fixed)


def _choice(row: Row) -> Choice:
    row.text("text", row.key, needed=lazy_("Write this choice, or take the row out."))
    row.text("feedback", f"{row.key}.feedback")
    return Choice(row.key, row.share("fraction"), row.on("fixed"))

"""Editors of what a person reads: essays, and texts between questions."""

from dataclasses import replace
from decimal import Decimal

from lms.core import files
from lms.core.i18n import lazy_
from lms.quizzes import file_rules
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Row, Rows, Sheet, Switch, Text
from lms.quizzes.bodies.writing import Criterion, DescriptionBody, EssayBody, EssayEditor, Level

_KINDS = tuple(
    Switch(f"takes_{group}", lazy_("Takes {kinds}", kinds=label), hint=hint)
    for (group, label), hint in zip(
        file_rules.LABELS.items(), (lazy_("Tick none to take every kind that can be kept."), *[""] * len(file_rules.LABELS)), strict=False
    )
)


class EssayWriting(Editor[EssayBody]):
    """A longer text, or files, that a person marks: by a mark, or by a rubric."""

    key = "essay"
    parts = (
        Pick(
            "editor",
            lazy_("The learner writes"),
            (
                (EssayEditor.EDITOR, lazy_("a text with formatting")),
                (EssayEditor.EDITOR_FILES, lazy_("a text with formatting and pictures")),
                (EssayEditor.PLAIN, lazy_("a plain text")),
                (EssayEditor.MONOSPACED, lazy_("a plain text in letters of one width")),
                (EssayEditor.NO_TEXT, lazy_("no text, only files")),
            ),
        ),
        Switch("required", lazy_("A text is needed")),
        Line("lines", lazy_("Height of the field, in lines"), mode="numeric"),
        Line("least_words", lazy_("Words at least"), mode="numeric"),
        Line("most_words", lazy_("Words at most"), mode="numeric"),
        Text("template", lazy_("What the field begins with"), lines=4),
        Line("attachments", lazy_("Files that may be handed in"), hint=lazy_("-1: any number."), mode="numeric"),
        Line("attachments_required", lazy_("Files that are needed"), mode="numeric"),
        Line("largest", lazy_("Size of one file at most, in MB"), hint=lazy_("Empty: as much as is taken here, 10 MB."), mode="decimal"),
        *_KINDS,
        Line("types", lazy_("And files with these endings"), hint=lazy_("Such as .pdf, .docx")),
        Rows(
            "rubric",
            lazy_("By what it is marked"),
            lazy_("Criterion"),
            lazy_("One more criterion"),
            (
                Text("text", lazy_("What is looked at"), lines=1),
                Rows(
                    "levels",
                    lazy_("Levels"),
                    lazy_("Level"),
                    lazy_("One more level"),
                    (Line("points", lazy_("Points"), mode="decimal"), Text("text", lazy_("What it looks like"), lines=1)),
                    start=2,
                    sortable=True,
                ),
            ),
            sortable=True,
            hint=lazy_(
                "The marker chooses a level of each; the best levels together give the full mark. Without criteria the marker gives a mark."
            ),
        ),
        Switch("show_rubric", lazy_("Learners see it while they write")),
        Text("grader_info", lazy_("For those who mark it"), lines=4, hint=lazy_("Learners never see it.")),
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"required": "1", "lines": "15", "attachments": "0", "attachments_required": "0", "show_rubric": "1"}

    def open(self, body: EssayBody, form: Opening) -> None:
        form.line("editor", body.editor)
        form.on("required", body.required)
        for name in ("lines", "least_words", "most_words", "attachments", "attachments_required"):
            form.line(name, getattr(body, name))
        form.line("largest", f"{(Decimal(body.attachment_bytes) / files.MEGABYTE).normalize():f}" if body.attachment_bytes else "")
        wanted = file_rules.types_of(body.attachment_types)
        for group in file_rules.LABELS:
            form.on(f"takes_{group}", group in wanted)
        form.line("types", ", ".join(each for each in wanted if each not in file_rules.LABELS))
        form.on("show_rubric", body.show_rubric)
        form.rows("rubric", body.rubric, _open_criterion)
        form.text("template", "template")
        form.text("grader_info", "grader_info")

    def read(self, sheet: Sheet) -> EssayBody:
        sheet.text("template", "template")
        sheet.text("grader_info", "grader_info")
        before = sheet.before if isinstance(sheet.before, EssayBody) else EssayBody()
        return replace(
            before,
            editor=EssayEditor(sheet.pick("editor", EssayEditor.EDITOR)),
            required=sheet.on("required"),
            lines=sheet.whole("lines", 15) or 15,
            attachments=sheet.whole("attachments", 0) or 0,
            attachments_required=sheet.whole("attachments_required", 0) or 0,
            least_words=sheet.whole("least_words"),
            most_words=sheet.whole("most_words"),
            rubric=tuple(_criterion(row) for row in sheet.rows("rubric")),
            show_rubric=sheet.on("show_rubric"),
            attachment_types=_types(sheet, before),
            attachment_bytes=_bytes(sheet),
        )


def _open_criterion(form: Opening, criterion: Criterion) -> None:
    form.text("text", criterion.key)
    form.rows("levels", criterion.levels, _open_level)


def _open_level(form: Opening, level: Level) -> None:
    form.line("points", f"{level.points:g}")
    form.text("text", level.key)


def _criterion(row: Row) -> Criterion:
    row.text("text", row.key, needed=lazy_("Say what is looked at."))
    return Criterion(row.key, tuple(_level(each) for each in row.rows("levels")))


def _level(row: Row) -> Level:
    row.text("text", row.key, needed=lazy_("Say what this level looks like."))
    return Level(row.key, float(row.number("points", Decimal(0)) or 0))


def _types(sheet: Sheet, before: EssayBody) -> str:
    """Return the kinds as Moodle writes them; as they were written when they are the same."""
    ticked = [group for group in file_rules.LABELS if sheet.on(f"takes_{group}")]
    wanted = tuple(dict.fromkeys([*ticked, *file_rules.types_of(sheet.line("types"))]))
    return before.attachment_types if set(wanted) == set(file_rules.types_of(before.attachment_types)) else ",".join(wanted)


def _bytes(sheet: Sheet) -> int:
    megabytes = sheet.number("largest")
    if megabytes is None:
        return 0
    if not 0 < megabytes <= files.LARGEST // files.MEGABYTE:
        sheet.complain("largest", lazy_("Write a size from 0.1 to {most} MB, or nothing.", most=files.LARGEST // files.MEGABYTE))
        return 0
    return int(megabytes * files.MEGABYTE)


class DescriptionWriting(Editor[DescriptionBody]):
    """A text between questions."""

    key = "description"
    hints = False

    def open(self, body: DescriptionBody, form: Opening) -> None:
        return

    def read(self, sheet: Sheet) -> DescriptionBody:
        return DescriptionBody()

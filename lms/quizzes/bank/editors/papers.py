"""Editors of what a person reads: essays, and texts between questions."""

from dataclasses import replace

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Sheet, Switch, Text
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody, EssayEditor


class EssayWriting(Editor[EssayBody]):
    """A longer text that a person marks."""

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
        Line("attachments", lazy_("Files that may be handed in"), hint=lazy_("-1: any number."), mode="numeric"),
        Line("attachments_required", lazy_("Files that are needed"), mode="numeric"),
        Text("template", lazy_("What the field begins with"), lines=4),
        Text("grader_info", lazy_("For those who mark it"), lines=4, hint=lazy_("Learners never see it.")),
    )

    def start(self) -> dict[str, str]:
        return {"required": "1", "lines": "15", "attachments": "0", "attachments_required": "0"}

    def open(self, body: EssayBody, form: Opening) -> None:
        form.line("editor", body.editor)
        form.on("required", body.required)
        for name in ("lines", "least_words", "most_words", "attachments", "attachments_required"):
            form.line(name, getattr(body, name))
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
        )


class DescriptionWriting(Editor[DescriptionBody]):
    """A text between questions."""

    key = "description"
    hints = False

    def open(self, body: DescriptionBody, form: Opening) -> None:
        return

    def read(self, sheet: Sheet) -> DescriptionBody:
        return DescriptionBody()

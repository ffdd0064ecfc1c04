"""The editor of questions in which spots of a picture are marked."""

import re

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Row, Rows, Sheet, Switch, Text
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot, SpotScoring

_NUMBER = re.compile(r"\d{1,5}(?:\.\d{1,3})?")


class HotSpotEditor(Editor[HotSpotBody]):
    """Places are written in units of the picture, with 0, 0 at its top left, and drawn in the preview."""

    key = "hot_spot"
    combined = True
    file_field = "picture"
    parts = (
        Text("picture", lazy_("Picture"), hint=lazy_("Choose the file above; it comes here with its words, and its size below.")),
        Line("width", lazy_("Width of the picture"), mode="numeric"),
        Line("height", lazy_("Height of the picture"), mode="numeric"),
        Rows(
            "spots",
            lazy_("Places"),
            lazy_("Place"),
            lazy_("One more place"),
            (
                Text("text", lazy_("What is there, in words"), lines=1),
                Switch("right", lazy_("It has to be found")),
                Pick(
                    "outline",
                    lazy_("Form"),
                    (
                        (Outline.CIRCLE, lazy_("circle")),
                        (Outline.RECTANGLE, lazy_("rectangle")),
                        (Outline.POLYGON, lazy_("with several corners")),
                    ),
                ),
                Line(
                    "numbers",
                    lazy_("Where it is"),
                    hint=lazy_("Circle: middle and radius, 120, 80, 30. Rectangle: two corners, 10, 10, 90, 60. Else x, y of each corner."),
                ),
                Text("feedback", lazy_("Feedback for this place"), folded=True),
            ),
            start=3,
            hint=lazy_("Learners who cannot see the picture choose places by their words; so name some that are not to be found, too."),
        ),
        Pick(
            "scoring",
            lazy_("What counts"),
            (
                (SpotScoring.PROPORTIONAL, lazy_("places found less false marks, of all that are to be found")),
                (SpotScoring.ALL_OR_NOTHING, lazy_("all or nothing")),
            ),
        ),
        Pick(
            "pointing",
            lazy_("How the picture is marked"),
            ((Pointing.FREE, lazy_("anywhere")), (Pointing.PLACES, lazy_("at places that are drawn and numbered"))),
        ),
        Line("most_marks", lazy_("Marks at most"), hint=lazy_("0: as many as one likes."), mode="numeric"),
        Switch("shuffle", lazy_("Shuffle the list of places")),
        Switch("show_count", lazy_("Tell how many were right, with the feedback")),
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1", "most_marks": "0", "spots.0.right": "1"}

    def open(self, body: HotSpotBody, form: Opening) -> None:
        def spot(row: Opening, each: Spot) -> None:
            row.text("text", each.key)
            row.on("right", each.right)
            row.line("outline", each.outline)
            row.line("numbers", ", ".join(f"{number:g}" for number in each.numbers))
            row.text("feedback", f"{each.key}.feedback")

        form.text("picture", "picture")
        form.line("width", body.width)
        form.line("height", body.height)
        form.rows("spots", body.spots, spot)
        form.line("scoring", body.scoring)
        form.line("pointing", body.pointing)
        form.line("most_marks", body.most_marks)
        form.on("shuffle", body.shuffle)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> HotSpotBody:
        sheet.text("picture", "picture", needed=lazy_("Put a picture into the question."))
        width, height = sheet.whole("width", 0) or 0, sheet.whole("height", 0) or 0
        for name, value in (("width", width), ("height", height)):
            if value <= 0:
                sheet.complain(name, lazy_("Say how large the picture is, in dots."))
        return HotSpotBody(
            width,
            height,
            tuple(_spot(row) for row in sheet.rows("spots") if _is_written(row)),
            SpotScoring(sheet.pick("scoring", SpotScoring.PROPORTIONAL)),
            Pointing(sheet.pick("pointing", Pointing.FREE)),
            sheet.whole("most_marks", 0) or 0,
            sheet.on("shuffle"),
            sheet.on("show_count"),
        )


def _is_written(row: Row) -> bool:
    """Say whether a row has more than what a new one begins with."""
    return any(
        value.strip()
        for name, value in row.sheet.values.items()
        if name.startswith(row.prefix) and not name.endswith((".key", ".right", ".outline"))
    )


def _spot(row: Row) -> Spot:
    row.text("text", row.key, needed=lazy_("Write what is there, or take the row out."))
    row.text("feedback", f"{row.key}.feedback")
    numbers = tuple(float(each) for each in _NUMBER.findall(row.line("numbers")))
    if len(numbers) < 3:
        row.complain("numbers", lazy_("Write where the place is, such as 120, 80, 30."))
    return Spot(row.key, Outline(row.pick("outline", Outline.CIRCLE)), numbers, row.on("right"))

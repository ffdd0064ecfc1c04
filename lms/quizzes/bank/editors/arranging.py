"""Editors of questions in which things are brought together or in order."""

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.choosing import NUMBERINGS, SHOW_COUNT
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Row, Rows, Sheet, Switch, Text
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.parts import Numbering

_RULES = (
    (OrderRule.ABSOLUTE_POSITION, lazy_("each thing at its place")),
    (OrderRule.ALL_OR_NOTHING, lazy_("all or nothing")),
    (OrderRule.RELATIVE_TO_CORRECT, lazy_("less for each place that a thing is away from its own")),
    (OrderRule.NEXT_EXCLUDE_LAST, lazy_("each thing that is followed by the right one")),
    (OrderRule.NEXT_INCLUDE_LAST, lazy_("the same, and the last one stands at the end")),
    (OrderRule.ONE_PREVIOUS_AND_NEXT, lazy_("right neighbours on both sides")),
    (OrderRule.ALL_PREVIOUS_AND_NEXT, lazy_("all that stands before and behind each thing")),
    (OrderRule.LONGEST_ORDERED, lazy_("the longest row in order, others may stand between")),
    (OrderRule.LONGEST_CONTIGUOUS, lazy_("the longest row in order without a gap")),
)


class MatchingEditor(Editor[MatchingBody]):
    """Find the answer to each.  An answer that belongs to several pairs is written once and named by its number."""

    key = "matching"
    combined = True
    parts = (
        Rows(
            "answers",
            lazy_("Answers to choose from"),
            lazy_("Answer"),
            lazy_("One more answer"),
            (Text("text", lazy_("Answer"), lines=1),),
            start=3,
            hint=lazy_("One that no pair names only distracts."),
        ),
        Rows(
            "pairs",
            lazy_("What they belong to"),
            lazy_("Pair"),
            lazy_("One more pair"),
            (
                Text("text", lazy_("What an answer is looked for"), lines=2),
                Line("answer", lazy_("Number of its answer in the list above"), mode="numeric"),
                Text("feedback", lazy_("Feedback for this pair"), folded=True),
            ),
            start=3,
        ),
        Switch("shuffle", lazy_("Shuffle pairs and answers")),
        SHOW_COUNT,
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1"} | {f"pairs.{index}.answer": str(index + 1) for index in range(3)}

    def open(self, body: MatchingBody, form: Opening) -> None:
        def pair(row: Opening, each: Pair) -> None:
            row.text("text", each.key)
            row.line("answer", body.answers.index(each.answer) + 1)
            row.text("feedback", f"{each.key}.feedback")

        form.rows("answers", [Item(key) for key in body.answers], lambda row, each: row.text("text", each.key))
        form.rows("pairs", body.pairs, pair)
        form.on("shuffle", body.shuffle)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> MatchingBody:
        at: dict[str, str] = {}  # number of an answer as the author sees it -> its key
        for row in sheet.rows("answers"):
            row.text("text", row.key, needed=lazy_("Write the answer, or take the row out."))
            at[str(row.index + 1)] = row.key
        pairs = []
        for row in sheet.rows("pairs"):
            if not _is_written(row):
                continue
            row.text("text", row.key, needed=lazy_("Write what an answer is looked for, or take the row out."))
            row.text("feedback", f"{row.key}.feedback")
            if row.line("answer") not in at:
                row.complain("answer", lazy_("Write the number of one of the answers above."))
            pairs.append(Pair(row.key, at.get(row.line("answer"), next(iter(at.values()), ""))))
        return MatchingBody(tuple(pairs), tuple(at.values()), sheet.on("shuffle"), sheet.on("show_count"))


def _is_written(row: Row) -> bool:
    """Say whether a row has more than the number that a new one begins with."""
    return any(
        value.strip() for name, value in row.sheet.values.items() if name.startswith(row.prefix) and not name.endswith((".key", ".answer"))
    )


class OrderingEditor(Editor[OrderingBody]):
    """Put things in order."""

    key = "ordering"
    combined = True
    parts = (
        Rows(
            "items",
            lazy_("Things to put in order"),
            lazy_("Thing"),
            lazy_("One more thing"),
            (Text("text", lazy_("Thing"), lines=1), Text("feedback", lazy_("Feedback for this thing"), folded=True)),
            start=4,
            sortable=True,
            hint=lazy_("Write them in the right order; learners get them shuffled."),
        ),
        Pick("rule", lazy_("What counts"), _RULES),
        Line("subset", lazy_("How many of them are shown"), hint=lazy_("Empty: all of them."), mode="numeric"),
        Switch("contiguous", lazy_("Those that are shown follow each other")),
        Switch("horizontal", lazy_("Side by side instead of one below the other")),
        Pick("numbering", lazy_("Before each thing"), NUMBERINGS),
        Switch("show_rule", lazy_("Tell afterwards how each thing went")),
        SHOW_COUNT,
    )

    def start(self) -> dict[str, str]:
        return super().start() | {"show_rule": "1", "numbering": Numbering.NONE}

    def open(self, body: OrderingBody, form: Opening) -> None:
        def item(row: Opening, each: Item) -> None:
            row.text("text", each.key)
            row.text("feedback", f"{each.key}.feedback")

        form.rows("items", body.items, item)
        form.line("rule", body.rule)
        form.line("subset", body.subset or None)
        form.on("contiguous", body.contiguous)
        form.on("horizontal", body.horizontal)
        form.line("numbering", body.numbering)
        form.on("show_rule", body.show_rule)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> OrderingBody:
        items = []
        for row in sheet.rows("items"):
            row.text("text", row.key, needed=lazy_("Write this thing, or take the row out."))
            row.text("feedback", f"{row.key}.feedback")
            items.append(Item(row.key))
        return OrderingBody(
            tuple(items),
            OrderRule(sheet.pick("rule", OrderRule.ABSOLUTE_POSITION)),
            sheet.whole("subset", 0) or 0,
            sheet.on("contiguous"),
            sheet.on("horizontal"),
            Numbering(sheet.pick("numbering", Numbering.NONE)),
            sheet.on("show_rule"),
            sheet.on("show_count"),
        )

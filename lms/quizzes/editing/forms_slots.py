"""What the pages of a quiz's questions send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.core.errors import Invalid
from lms.core.i18n import LANGUAGES, lazy_
from lms.quizzes.editing import layout
from lms.quizzes.editing.layout import Element, Kind
from lms.quizzes.editing.slots import MOST, MOST_MARKS, SectionChange, SlotChange
from lms.quizzes.queries_draws import Draw
from lms.web.forms import Form, LineField, NumberField

_LONGEST_HEADING = 200
_NUMBER = re.compile(r"\d{1,4}([.,]\d{1,3})?")


class WrongList(Invalid):
    code = "wrong_list"
    message = lazy_("This page was sent in a form that the program does not know. Open it again.")


class MarkUnclear(Invalid):
    code = "mark_unclear"
    message = lazy_("“{text}” is no number of marks. Nothing was changed.")


@dataclass(frozen=True)
class Arrangement:
    """The whole list as the page sent it, and what the pressed button asks for besides saving."""

    elements: list[Element]
    slots: dict[int, SlotChange]
    sections: dict[int, SectionChange]
    act: str  # "", up, down, remove, break, join, section, paged
    of: Element | None
    each: int = 0  # questions on a page, where pages are made anew

    def rearranged(self) -> list[Element]:
        """Return the list after what the button asks for, as far as it is about order."""
        place = self.elements.index(self.of) if self.of in self.elements else -1
        if self.act in ("up", "down"):
            return layout.moved(self.elements, place, -1 if self.act == "up" else 1)
        if self.act == "break" and place >= 0:
            return [*self.elements[: place + 1], layout.PAGE_BREAK, *self.elements[place + 1 :]]
        if self.act == "join" and place >= 0:
            after = self.elements[place + 1 :]
            return [*self.elements[: place + 1], *(after[1:] if after[:1] == [layout.PAGE_BREAK] else after)]
        if self.act == "paged":
            return layout.paged(self.elements, self.each)
        return self.elements


def read_arrangement(sent: MultiDict[str, str]) -> Arrangement:
    """Read the page of questions.  Raises WrongList, MarkUnclear."""
    elements = layout.read(sent.getlist("order"))
    act, _, target = sent.get("do", "").partition(" ")
    of = layout.read([target]) if target and act != "paged" else []
    if elements is None or of is None or act not in ("", "up", "down", "remove", "break", "join", "section", "paged"):
        raise WrongList()
    slots = {
        each.id: SlotChange(
            _mark(sent.get(f"mark-{each.id}", "")),
            _version(sent.get(f"version-{each.id}", "")),
            sent.get(f"after-{each.id}") == "1",
        )
        for each in elements
        if each.kind is Kind.SLOT and f"mark-{each.id}" in sent
    }
    sections = {
        each.id: SectionChange(
            {code: sent.get(f"heading-{each.id}-{code}", "").strip()[:_LONGEST_HEADING] for code in LANGUAGES},
            sent.get(f"shuffle-{each.id}") == "1",
        )
        for each in elements
        if each.kind is Kind.SECTION
    }
    each_page = int(target) if act == "paged" and target.isascii() and target.isdigit() and len(target) < 4 else 0
    return Arrangement(elements, slots, sections, act, of[0] if of else None, each_page)


class DrawForm(Form):
    """Questions that are drawn by lot."""

    category = SelectField(lazy_("Category"), [InputRequired(lazy_("Choose a category."))])
    inner = BooleanField(lazy_("Also from the categories inside it"), default=True)
    tags = LineField(
        lazy_("Tags that a question must all have"),
        [Optional(), Length(max=500, message=lazy_("At most 500 letters."))],
        description=lazy_("Separated by commas. Empty: any question of the category."),
    )
    count = IntegerField(
        lazy_("How many questions"),
        [InputRequired(lazy_("Write a number.")), NumberRange(1, MOST, message=lazy_("Write a number from 1 to 200."))],
        default=1,
    )
    mark = NumberField(
        lazy_("Marks for each"),
        [InputRequired(lazy_("Write a number.")), NumberRange(0, MOST_MARKS, message=lazy_("Write a number from 0 to 1,000."))],
        default=Decimal(1),
    )

    def offer(self, categories: Mapping[str, str]) -> None:
        """Say which categories there are to choose from."""
        self.category.choices = dict(categories)  # type: ignore[assignment]

    def draw(self) -> Draw:
        """Return the rule that was asked for."""
        return Draw.read({"category_id": int(self.category.data), "inner": bool(self.inner.data), "tags": self.wanted_tags()})

    def wanted_tags(self) -> list[str]:
        return [tag for each in (self.tags.data or "").split(",") if (tag := each.strip())]


def _mark(text: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise MarkUnclear(text=text.strip()[:20])
    return float(text.strip().replace(",", "."))


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def chosen(values: list[str]) -> list[int]:
    """Return the ids that were ticked."""
    return [int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 10]

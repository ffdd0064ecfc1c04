"""What a format could not carry, in the words of those who write questions; pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lms.core.i18n import lazy_

_LANGUAGES = {"vi": lazy_("the Vietnamese texts"), "en": lazy_("the English texts")}
_SETTINGS = {
    "name": lazy_("the name"),
    "category": lazy_("the category"),
    "tags": lazy_("tags"),
    "id_number": lazy_("the id"),
    "files": lazy_("files"),
    "default_mark": lazy_("points"),
    "penalty": lazy_("what a wrong try costs"),
    "hidden": lazy_("whether it is in use"),
    "hints": lazy_("hints"),
    "shuffle": lazy_("whether choices are shuffled"),
    "numbering": lazy_("what stands before each choice"),
    "rubric": lazy_("the rubric"),
    "show_rubric": lazy_("the rubric"),
    "template": lazy_("what stands in the field for the answer"),
    "grader_info": lazy_("notes for those who mark"),
    "case": lazy_("how capitals and tone marks count"),
    "marks": lazy_("how capitals and tone marks count"),
    "separators": lazy_("how numbers are written"),
    "picture": lazy_("the picture"),
    **dict.fromkeys(("choices", "answers", "pairs", "items", "gaps", "words", "spots", "parts"), lazy_("parts of what is asked")),
    **dict.fromkeys(("units", "unit_grading", "unit_input", "unit_penalty", "units_left"), lazy_("units")),
    **dict.fromkeys(("least_words", "most_words", "lines", "editor"), lazy_("the size of the answer")),
    **dict.fromkeys(("attachments", "attachments_required", "attachment_kind", "attachment_megabytes"), lazy_("files that are handed in")),
    **dict.fromkeys(("scoring", "rule", "alarm_cost", "signs_share", "weight"), lazy_("how parts count")),
}
_FEEDBACK = re.compile(r"feedback(\..*)?|.*\.feedback")
_LANGUAGE = re.compile(r"texts\.(.+)")


@dataclass(frozen=True)
class Lost:
    """Names of fields and keys of texts, which are said in the reader's language when they are shown."""

    names: Collection[str]

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(str(_said(name)) for name in sorted(self.names, key=_order)))


def _said(name: str) -> Any:
    if name in _SETTINGS:
        return _SETTINGS[name]
    if found := _LANGUAGE.fullmatch(name):
        return _LANGUAGES.get(found[1]) or lazy_("texts in the language “{code}”", code=found[1])
    if name.startswith("hint."):
        return _SETTINGS["hints"]
    if _FEEDBACK.fullmatch(name):
        return lazy_("feedback")
    # Keys of choices, levels and the like are short and end in a number; other names are settings of one type.
    return lazy_("parts of its texts") if len(name) < 4 or name[-1].isdigit() else lazy_("further settings")


def _order(name: str) -> tuple[bool, str]:
    """What concerns the whole question first, other languages last."""
    return name.startswith("texts."), name

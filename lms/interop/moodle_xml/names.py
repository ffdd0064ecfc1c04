"""The words of Moodle XML for what we have words of our own for."""

from collections.abc import Mapping

from lms.quizzes.bodies.arranging import OrderRule
from lms.quizzes.bodies.numbers import UnitGrading, UnitInput
from lms.quizzes.content import TextFormat

FORMATS: Mapping[str, TextFormat] = {
    "html": TextFormat.HTML,
    "moodle_auto_format": TextFormat.MOODLE,
    "plain_text": TextFormat.PLAIN,
    "markdown": TextFormat.MARKDOWN,
}
FORMAT_NAMES = {ours: name for name, ours in FORMATS.items()}

OWN = "antoanso"  # the element in which we keep what Moodle has no place for

TYPES: Mapping[str, str] = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numerical": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "gap_select": "gapselect",
    "drag_words": "ddwtos",
    "essay": "essay",
    "description": "description",
}

# Element -> key of the text.
COMBINED_FEEDBACK: Mapping[str, str] = {
    "correctfeedback": "feedback.right",
    "partiallycorrectfeedback": "feedback.partial",
    "incorrectfeedback": "feedback.wrong",
}
ESSAY_TEXTS: Mapping[str, str] = {"graderinfo": "grader_info", "responsetemplate": "template"}

# Element -> field, for whole numbers.
ESSAY_NUMBERS: Mapping[str, str] = {
    "responsefieldlines": "lines",
    "attachments": "attachments",
    "attachmentsrequired": "attachments_required",
    "maxbytes": "attachment_bytes",
    "minwordlimit": "least_words",
    "maxwordlimit": "most_words",
}

UNIT_INPUTS: Mapping[str, UnitInput] = {
    "0": UnitInput.TEXT,
    "1": UnitInput.RADIO,
    "2": UnitInput.SELECT,
    "3": UnitInput.NONE,
}
UNIT_INPUT_CODES = {ours: code for code, ours in UNIT_INPUTS.items()}
UNIT_GRADINGS: Mapping[str, UnitGrading] = {
    "0": UnitGrading.IGNORED,
    "1": UnitGrading.OF_RESPONSE,
    "2": UnitGrading.OF_QUESTION,
}
UNIT_GRADING_CODES = {ours: code for code, ours in UNIT_GRADINGS.items()}

# The first name is the one that is written; the others are older.
ORDER_RULES: Mapping[str, OrderRule] = {
    "ALL_OR_NOTHING": OrderRule.ALL_OR_NOTHING,
    "ABSOLUTE_POSITION": OrderRule.ABSOLUTE_POSITION,
    "ABSOLUTE": OrderRule.ABSOLUTE_POSITION,
    "ABS": OrderRule.ABSOLUTE_POSITION,
    "RELATIVE_TO_CORRECT": OrderRule.RELATIVE_TO_CORRECT,
    "RELATIVE_NEXT_EXCLUDE_LAST": OrderRule.NEXT_EXCLUDE_LAST,
    "RELATIVE_NEXT_INCLUDE_LAST": OrderRule.NEXT_INCLUDE_LAST,
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": OrderRule.ONE_PREVIOUS_AND_NEXT,
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": OrderRule.ALL_PREVIOUS_AND_NEXT,
    "RELATIVE": OrderRule.NEXT_EXCLUDE_LAST,
    "REL": OrderRule.NEXT_EXCLUDE_LAST,
    "LONGEST_ORDERED_SUBSET": OrderRule.LONGEST_ORDERED,
    "LONGEST_CONTIGUOUS_SUBSET": OrderRule.LONGEST_CONTIGUOUS,
}
# The first name of a rule is the one that is written.
ORDER_RULE_NAMES = {rule: name for name, rule in reversed(list(ORDER_RULES.items()))}
ORDER_HORIZONTAL = ("HORIZONTAL", "HORI", "H", "1")
ORDER_HIDE_RULE = ("HIDE", "FALSE", "NO", "0")

_COMMON = frozenset(
    {"name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "tags", "hint"} | {"image", "image_base64"}
)
_CHOICES = frozenset({"single", "shuffleanswers", "answernumbering", "showstandardinstruction", "shownumcorrect", "answer"})
_UNITS = frozenset({"units", "unitgradingtype", "unitpenalty", "showunits", "unitsleft"})
_ORDER = frozenset({"layouttype", "selecttype", "selectcount", "gradingtype", "showgrading", "logical", "studentsee"})

# What we read of each type; anything else is told.
KNOWN: Mapping[str, frozenset[str]] = {
    "multichoice": _COMMON | _CHOICES | frozenset(COMBINED_FEEDBACK),
    "truefalse": _COMMON | {"answer"},
    "shortanswer": _COMMON | {"usecase", "answer"},
    "numerical": _COMMON | _UNITS | {"answer"},
    "matching": _COMMON | {"shuffleanswers", "shownumcorrect", "subquestion"} | frozenset(COMBINED_FEEDBACK),
    "ordering": _COMMON | _ORDER | {"answer", "shownumcorrect", "numberingstyle"} | frozenset(COMBINED_FEEDBACK),
    "cloze": _COMMON,
    "gapselect": _COMMON | {"shuffleanswers", "shownumcorrect", "selectoption"} | frozenset(COMBINED_FEEDBACK),
    "ddwtos": _COMMON | {"shuffleanswers", "shownumcorrect", "dragbox"} | frozenset(COMBINED_FEEDBACK),
    "essay": _COMMON | {"responseformat", "responserequired", "filetypeslist", *ESSAY_TEXTS, *ESSAY_NUMBERS},
    "description": _COMMON,
}

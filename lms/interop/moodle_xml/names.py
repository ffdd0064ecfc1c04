"""The words of Moodle XML for what we have words of our own for."""

from collections.abc import Mapping

from lms.quizzes.content import TextFormat, UnitGrading, UnitInput

FORMATS: Mapping[str, TextFormat] = {
    "html": TextFormat.HTML,
    "moodle_auto_format": TextFormat.MOODLE,
    "plain_text": TextFormat.PLAIN,
    "markdown": TextFormat.MARKDOWN,
}
FORMAT_NAMES = {ours: name for name, ours in FORMATS.items()}

TYPES: Mapping[str, str] = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numerical": "numerical",
    "matching": "matching",
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

_COMMON = frozenset(
    {"name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "tags", "hint"} | {"image", "image_base64"}
)
_CHOICES = frozenset({"single", "shuffleanswers", "answernumbering", "showstandardinstruction", "shownumcorrect", "answer"})
_UNITS = frozenset({"units", "unitgradingtype", "unitpenalty", "showunits", "unitsleft"})

# What we read of each type; anything else is told.
KNOWN: Mapping[str, frozenset[str]] = {
    "multichoice": _COMMON | _CHOICES | frozenset(COMBINED_FEEDBACK),
    "truefalse": _COMMON | {"answer"},
    "shortanswer": _COMMON | {"usecase", "answer"},
    "numerical": _COMMON | _UNITS | {"answer"},
    "matching": _COMMON | {"shuffleanswers", "shownumcorrect", "subquestion"} | frozenset(COMBINED_FEEDBACK),
    "essay": _COMMON | {"responseformat", "responserequired", *ESSAY_TEXTS, *ESSAY_NUMBERS},
    "description": _COMMON,
}

"""Reading a file that is the text of one question with embedded answers."""

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.question_files import ReadResult, Unreadable
from lms.quizzes import cloze_text
from lms.quizzes.bodies.gaps import ClozeBody
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.types.cloze import Cloze

NAME = "cloze"  # as the format calls what is in it


def fits(data: bytes) -> bool:
    """Say whether a file looks like this: text in which an embedded answer begins."""
    try:
        text = question_files.decode(data)
    except Unreadable:
        return False
    # A GIFT file names its questions with ::, and its braces hold no number.
    return not text.lstrip().startswith(("<", "::", "//", "$CATEGORY")) and cloze_text.looks_like(text)


def read(data: bytes | str, language: str = DEFAULT) -> ReadResult:
    """Read the one question of the file; it is refused as a whole when one of its gaps is not right, as Moodle does."""
    try:
        text = question_files.decode(data).strip("\n")
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    found = cloze_text.parse(text)
    name = question_files.name_from(cloze_text.PLACE.sub("_____", found.stem), TextFormat.HTML, position=1)
    problems = [Problem(each.severity, each.message, each.position, name) for each in found.problems]
    body = ClozeBody(found.gaps)
    texts = Texts({language: {"stem": found.stem, **found.texts}})
    if not problems:
        for gap in body.gaps:
            problems += [
                Problem(each.severity, each.message, found.lines[gap.key], name)
                for each in Cloze().check_gap(body, gap, texts)
                if each.severity is Severity.ERROR
            ]
    if not problems and not sum(gap.weight for gap in body.gaps):
        problems = [Problem(Severity.ERROR, lazy_("At least one gap must have a weight above zero."), 1, name)]
    if problems:
        return ReadResult(problems=tuple(problems))
    draft = QuestionDraft(
        name=name,
        type=Cloze.key,
        body=body,
        texts=texts,
        # The line ends of the text are meant; what stands in braces may break anywhere.
        formats={"stem": TextFormat.MOODLE, **dict.fromkeys(found.texts, TextFormat.HTML)},
        default_mark=float(sum(gap.weight for gap in body.gaps)),
        position=1,
    )
    return ReadResult(drafts=(draft,), found={NAME: 1})

"""The frame around the editor of every type: name, question, marks, feedback, hints, tags, articles of law, files; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from lms.core import files as files_of
from lms.core import names
from lms.core.i18n import lazy_
from lms.courses import law
from lms.quizzes import drafting, file_links
from lms.quizzes.bank.editors import source
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Complaint, Line, Opening, Part, Rows, Sheet, Switch, Text, Values, percent
from lms.quizzes.bank.tags import LAW, labels
from lms.quizzes.bodies import every
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.content import DEFAULT_PENALTY, LazyText, Problem, QuestionDraft, Severity, Texts
from lms.quizzes.shape import WrongShape
from lms.quizzes.types import wording
from lms.quizzes.types.kind import QuestionType

LONGEST_NAME = 200
LONGEST_TAG = 100
_COMBINED = {
    "right": lazy_("After a right answer"),
    "partial": lazy_("After a partly right answer"),
    "wrong": lazy_("After a wrong answer"),
}
_HINTS = Rows(
    "hints",
    lazy_("Hints"),
    lazy_("Hint"),
    lazy_("One more hint"),
    (
        Text("text", lazy_("Hint")),
        Switch("clear_wrong", lazy_("Take wrong choices away")),
        Switch("show_count", lazy_("Tell how many were right")),
    ),
    hint=lazy_("Shown one after the other where a quiz lets its learners try again."),
)


@dataclass(frozen=True)
class Written:
    """What was read out of the form: the draft as the bank keeps it, and what is wrong; without errors it can be saved."""

    draft: QuestionDraft
    complaints: tuple[Complaint, ...]

    @property
    def is_usable(self) -> bool:
        return not any(each.severity is Severity.ERROR for each in self.complaints)


def stem_part(editor: Editor[Any]) -> Text:
    return Text("stem", lazy_("Question"), lines=4, hint=editor.stem_hint)


def feedback_parts(editor: Editor[Any]) -> list[Part]:
    """Return the fields for what learners read afterwards, and while they try again."""
    general = Text("feedback", lazy_("Why: for everybody, once it is over"), lines=3)
    combined = [Text(f"feedback_{key}", label, folded=True) for key, label in _COMBINED.items()] if editor.combined else []
    return [general, *combined, *([_HINTS] if editor.hints else [])]


def mark_parts() -> list[Part]:
    return [
        Line("default_mark", lazy_("Points"), mode="decimal"),
        Line("penalty", lazy_("Each wrong try costs, in % of the mark"), mode="decimal"),
    ]


def label_parts() -> list[Part]:
    return [
        Line("laws", lazy_("Articles of law"), hint=lazy_("Such as 116/2025/QH15 Đ7.2; several with a semicolon between them.")),
        Line("tags", lazy_("Tags"), hint=lazy_("Words to find it by, with a comma between them.")),
        Line("id_number", lazy_("Id"), hint=lazy_("By it a file brings a new version of this question.")),
    ]


def start(editor: Editor[Any]) -> Values:
    """Return the form of a new question."""
    return {"default_mark": "1", "penalty": percent(DEFAULT_PENALTY), "hints.count": "0"} | editor.start()


def opened(draft: QuestionDraft, editor: Editor[Any], languages: Iterable[str]) -> Values:
    """Return the form of a question that is there."""
    form = Opening({}, draft.texts, languages)
    found = labels(draft.tags)
    form.line("name", draft.name)
    form.line("default_mark", percent(draft.default_mark / 100))
    form.line("penalty", percent(draft.penalty))
    form.line("laws", "; ".join(found.laws))
    form.line("tags", ", ".join(found.words))
    form.line("id_number", draft.id_number)
    form.text("stem", "stem")
    form.text("feedback", "feedback")
    if editor.combined:
        for key in _COMBINED:
            form.text(f"feedback_{key}", f"feedback.{key}")
    numbered = [_Numbered(number, hint) for number, hint in enumerate(getattr(draft.body, "hints", ()), start=1)]
    form.rows("hints", numbered, _open_hint)
    editor.open(draft.body, form)
    return form.values


def read(
    values: Mapping[str, str],
    editor: Editor[Any],
    question_type: QuestionType[Any],
    languages: Iterable[str],
    *,
    files: Mapping[str, bytes],
    before: QuestionDraft | None = None,
) -> Written:
    """Return the question that the form describes; ``before`` is the one that is being changed.

    What the form does not show, such as texts in a third language, stays as it was.
    """
    sheet = Sheet(values, languages, before.body if before else None)
    name = sheet.line("name")[:LONGEST_NAME]
    sheet.text("stem", "stem", needed=lazy_("Write the question."))
    sheet.text("feedback", "feedback")
    if editor.combined:
        for key in _COMBINED:
            sheet.text(f"feedback_{key}", f"feedback.{key}")
    body = editor.read(sheet)
    if editor.hints:
        hints = []
        for number, row in enumerate(sheet.rows("hints"), start=1):
            row.text("text", f"hint.{number}", needed=lazy_("Write the hint, or take the row out."))
            hints.append(Hint(row.on("clear_wrong"), row.on("show_count")))
        body = replace(body, hints=tuple(hints))
    mark = sheet.number("default_mark")
    if mark is None or not 0 <= mark <= 1000 or (not mark and question_type.gradable):
        sheet.complain("default_mark", lazy_("Points go from above 0 to 1000."))
    penalty = sheet.share("penalty")
    if penalty < 0:
        sheet.complain("penalty", lazy_("A wrong try costs between 0 and 100 % of the mark."))
    tags = _tags(sheet)
    texts = _texts(sheet, body, before)
    problems: tuple[Problem, ...] = ()
    try:
        # What the form made must be what the bank can read again.
        body = question_type.read_body(every.body_to_json(body))
    except WrongShape as error:
        sheet.complain("", str(error))
    else:
        draft = QuestionDraft(
            name=name or _name_of(texts),
            type=editor.key,
            body=body,
            texts=texts,
            tags=tags,
            id_number=sheet.line("id_number")[:LONGEST_TAG],
            default_mark=float(mark or 0),
            penalty=penalty,
            files=files,
        )
        prepared = drafting.prepare(draft, question_type)
        return Written(prepared.draft, (*sheet.complaints, *_located(prepared.problems, sheet)))
    return Written(before or QuestionDraft(name, editor.key, body, texts), (*sheet.complaints, *_located(problems, sheet)))


def missing_languages(values: Mapping[str, str], name: str, languages: Iterable[str]) -> list[str]:
    """Return the languages in which a text is not written yet, though it is in another."""
    written = {language: bool(values.get(f"{name}.{language}", "").strip()) for language in languages}
    return [language for language, there in written.items() if not there] if any(written.values()) else []


@dataclass(frozen=True)
class _Numbered:
    number: int
    hint: Hint


def _open_hint(row: Opening, each: _Numbered) -> None:
    row.text("text", f"hint.{each.number}")
    row.on("clear_wrong", each.hint.clear_wrong)
    row.on("show_count", each.hint.show_count)


def _texts(sheet: Sheet, body: Body, before: QuestionDraft | None) -> Texts:
    """Return the texts of the form, with those of other languages and of keys that the form does not know."""
    old = before.texts.by_language if before else {}
    keys = set(every.keys_of(body))
    gone = set(every.keys_of(before.body)) - keys if before else set()
    shown = set(sheet.place_of)
    texts: dict[str, dict[str, str]] = {}
    for language in (*old, *(each for each in sheet.languages if each not in old)):
        kept = {
            key: text
            for key, text in old.get(language, {}).items()
            if key.partition(".")[0] not in gone
            and not re.fullmatch(r"hint\.\d+", key)
            and (language not in sheet.languages or key not in shown)
        }
        if language in sheet.languages:
            kept |= sheet.texts[language]
        else:
            count = len(getattr(body, "hints", ()))
            kept |= {key: text for key, text in old[language].items() if re.fullmatch(r"hint\.\d+", key) and int(key[5:]) <= count}
        if kept:
            texts[language] = kept
    return Texts(texts)


def _located(problems: Iterable[Problem], sheet: Sheet) -> list[Complaint]:
    """Return what the type says, at the field it is about; what is not translated is marked there anyway."""
    complained = {each.name for each in sheet.complaints}
    located = [
        Complaint(sheet.place_of.get(problem.where, ""), problem.message, problem.severity)
        for problem in problems
        if not (problem.where and problem.severity is Severity.WARNING)
    ]
    return [each for each in located if not each.name or each.name not in complained]


def _tags(sheet: Sheet) -> tuple[str, ...]:
    laws = []
    for written in re.split(r"[;\n]", sheet.values.get("laws", "")):
        if wanted := names.clean(written).removeprefix(LAW):
            try:
                law.register().reference(wanted)
            except law.UnknownReferenceError:
                sheet.complain("laws", _no_law(wanted))
            laws.append(f"{LAW}{wanted}")
    words = [tag for written in sheet.values.get("tags", "").split(",") if (tag := names.clean(written))]
    if any(tag.startswith(LAW) for tag in words):
        sheet.complain("tags", lazy_("Articles of law have a field of their own."))
    if any(len(tag) > LONGEST_TAG for tag in words):
        sheet.complain("tags", lazy_("A tag has at most {most} letters.", most=LONGEST_TAG))
    return tuple(sorted({*laws, *words}))


def _no_law(written: str) -> LazyText:
    return lazy_("The register of laws does not know “{text}”. Write it like 116/2025/QH15 Đ7.2.", text=written)


def _name_of(texts: Texts) -> str:
    """Return a name for a question without one: how its text begins."""
    words = wording.plain(texts.of("stem"))
    return words if len(words) <= 80 else f"{words[:77].rstrip()}…"


def file_names(values: Mapping[str, str]) -> dict[str, str]:
    """Return the files that the form keeps between two requests: name -> SHA-256."""
    found = {}
    for field, name in values.items():
        if match := re.fullmatch(r"files\.(\d+)\.name", field):
            sha256 = values.get(f"files.{match[1]}.sha256", "")
            if re.fullmatch(r"[0-9a-f]{64}", sha256):
                found[name] = sha256
    return found


def with_file(values: Values, name: str, sha256: str) -> tuple[Values, str]:
    """Return the form with one more file, and the name under which it is there."""
    known = file_names(values)
    stem, dot, suffix = name.rpartition(".")
    free, number = name, 2
    while free in known and known[free] != sha256:
        free = f"{stem or suffix}-{number}{dot if stem else ''}{suffix if stem else ''}"
        number += 1
    index = len(known)
    return values | {f"files.{index}.name": free, f"files.{index}.sha256": sha256}, free


def with_file_shown(values: Values, editor: Editor[Any], language: str, name: str, description: str, data: bytes) -> Values:
    """Return the form with a picture, a sound or a link at the end of the text that files go to, in one language.

    Where the question is about one picture, it takes the place of the former, and
    its size is written down.
    """
    field, media_type = f"{editor.file_field}.{language}", files_of.media_type_of(data) or ""
    link, said = file_links.link(name), description.replace("[", "(").replace("]", ")")
    before = values.get(field, "").rstrip()
    if media_type.startswith("image/"):
        added = f"![{said}]({link})"
    elif media_type.startswith(("audio/", "video/")):
        kind = media_type.partition("/")[0]
        added = f'<p>{escape(description)}</p><{kind} controls="" src="{link}"></{kind}>'
    else:
        added = f"[{said}]({link})"
    if editor.file_field == "stem":
        return values | {field: _joined(before, added)}
    size = files_of.size_of_picture(data)
    return values | {field: added} | ({"width": str(size[0]), "height": str(size[1])} if size else {})


def _joined(before: str, added: str) -> str:
    if source.is_html(before) or source.is_html(added):
        return f"{source.to_html(before)}\n{source.to_html(added)}"
    return f"{before}\n\n{added}" if before else added

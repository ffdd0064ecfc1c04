"""Making drafts ready for the bank: texts as clean HTML, languages brought together; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from markdown_it import MarkdownIt

from lms.core import files, html
from lms.core.i18n import lazy_
from lms.quizzes import file_links
from lms.quizzes.content import LazyText, Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.types import wording
from lms.quizzes.types.kind import QuestionType

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Prepared:
    """A draft whose texts are clean HTML, and what is to be said about it."""

    draft: QuestionDraft
    problems: tuple[Problem, ...]

    @property
    def is_usable(self) -> bool:
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def prepare(draft: QuestionDraft, question_type: QuestionType) -> Prepared:  # type: ignore[type-arg]
    """Return the draft as the bank keeps it, in its simplest form."""
    left_out = {name: refused for name, data in draft.files.items() if (refused := files.refusal(data))}
    kept = {name: data for name, data in draft.files.items() if name not in left_out}
    missing = set()

    def there(name: str) -> str:
        if name not in kept and name not in left_out:
            missing.add(name)
        return file_links.link(name) if name in kept else ""

    texts = Texts(
        {
            language: {
                key: as_html(file_links.replace(text, there), draft.formats.get(key, TextFormat.HTML)) for key, text in of_one.items()
            }
            for language, of_one in draft.texts.by_language.items()
        }
    )
    body, texts = question_type.tidy(draft.body, texts)
    ready = replace(draft, name=wording.plain(draft.name)[:200], body=body, texts=texts, formats={}, files=kept, warnings=())
    problems = [*draft.warnings, *question_type.check(body, texts)]
    problems += [_warning(lazy_("The file {name} is left out. {reason}", name=name, reason=why)) for name, why in sorted(left_out.items())]
    problems += [_warning(lazy_("The file {name} is named in the text, but did not come with it.", name=name)) for name in sorted(missing)]
    placed = [replace(problem, position=problem.position or draft.position, question=draft.name) for problem in problems]
    return Prepared(ready, tuple(placed))


def as_html(text: str, text_format: TextFormat) -> str:
    """Return a text of any format as HTML that is safe to show."""
    if text_format is TextFormat.PLAIN:
        return escape(text, quote=False).replace("\n", "<br>")
    if text_format is TextFormat.MARKDOWN:
        return html.clean(_markdown.render(text)).strip()
    if text_format is TextFormat.MOODLE:
        return html.clean(text.replace("\n", "<br>\n")).strip()
    return html.clean(text).strip()


def merge(by_language: Mapping[str, Sequence[QuestionDraft]]) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return one draft for each question that is written once in each language, and what does not fit together.

    Questions are matched by their id; choices, pairs and answers by their place,
    so they must stand in the same order in each language.  The first language
    decides about everything that has none.
    """
    first, *others = by_language
    merged, problems = [], []
    known = {language: {draft.id_number: draft for draft in drafts} for language, drafts in by_language.items()}
    for language, drafts in by_language.items():
        problems += _odd_ids(drafts, known[first], language=language, first=first)
    for draft in by_language[first]:
        texts, formats = dict(draft.texts.by_language), dict(draft.formats)
        for language in others:
            twin = known[language].get(draft.id_number)
            if twin is None:
                problems.append(
                    _error(
                        lazy_("The question “{id}” is missing in the language “{language}”.", id=draft.id_number, language=language), draft
                    )
                )
            elif (twin.type, twin.body) != (draft.type, draft.body):
                message = lazy_(
                    "The question “{id}” is not the same in the language “{language}”: answers, their order or their marks differ.",
                    id=draft.id_number,
                    language=language,
                )
                problems.append(_error(message, twin))
            else:
                texts |= twin.texts.by_language
                formats |= {key: text_format for key, text_format in twin.formats.items() if key not in formats}
        tags = tuple(dict.fromkeys(tag for language in by_language for tag in _tags(known[language], draft)))
        merged.append(replace(draft, texts=Texts(texts), formats=formats, tags=tags))
    return merged, problems


def _odd_ids(drafts: Sequence[QuestionDraft], in_first: Mapping[str, QuestionDraft], *, language: str, first: str) -> list[Problem]:
    problems, seen = [], set()
    for draft in drafts:
        if not draft.id_number:
            problems.append(_error(lazy_("The question has no id; write // [id:...] above it."), draft))
        elif draft.id_number in seen:
            problems.append(_error(lazy_("The id “{id}” is used twice.", id=draft.id_number), draft))
        elif draft.id_number not in in_first:
            problems.append(
                _error(lazy_("The question “{id}” is missing in the language “{language}”.", id=draft.id_number, language=first), draft)
            )
        seen.add(draft.id_number)
    return problems


def _tags(drafts: Mapping[str, QuestionDraft], draft: QuestionDraft) -> tuple[str, ...]:
    twin = drafts.get(draft.id_number)
    return twin.tags if twin else ()


def _error(message: LazyText, draft: QuestionDraft) -> Problem:
    return Problem(Severity.ERROR, message, draft.position, draft.name)


def _warning(message: LazyText) -> Problem:
    return Problem(Severity.WARNING, message)

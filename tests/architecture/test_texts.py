"""Every text is there in both languages, with the same things to fill in."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Message

from lms.core import i18n
from tests.architecture.source import LMS, ROOT, report
from tools import texts

PACKAGES = texts.packages()
COURSES = sorted(path.parent for path in (LMS / "catalogue").glob("*/course.yaml"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_text_has_vietnamese(package: Path) -> None:
    report(
        f"Texts of {package.name} without Vietnamese",
        [repr(text) for text in texts.untranslated(package)],
        f"run `python -m tools.texts {package.name}` and fill in the empty msgstr in lms/{package.name}/texts.vi.po.",
    )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_translations_fill_in_the_same_values(package: Path) -> None:
    complaints = [
        f"{message.id!r} wants {sorted(wanted)}, its Vietnamese has {sorted(given)}"
        for message in texts.known(package)
        if message.id and message.string
        for wanted, given in [(_fields(_all(message.id)[-1:]), _fields(_all(message.string)))]
        if wanted != given
    ]
    report("Placeholders that differ", complaints, "use the same {names} in msgid and msgstr.")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_no_translation_of_a_text_that_is_gone(package: Path) -> None:
    wanted = {message.id if isinstance(message.id, str) else message.id[0] for message in texts.extracted(package)}
    stale = [repr(message.id) for message in texts.known(package) if message.id and _all(message.id)[0] not in wanted]
    report(f"Texts of {package.name} that no code holds any more", stale, f"run `python -m tools.texts {package.name}`.")


def test_one_text_has_one_translation() -> None:
    """All packages share one catalogue when the site runs, so the same English must not mean two things."""
    seen: dict[tuple[Any, Any], tuple[str, str]] = {}
    complaints = []
    for package in PACKAGES:
        for message in texts.known(package):
            if not message.id or not message.string:
                continue
            key, said = (_key(message), message.context), str(_all(message.string)[0])
            if key in seen and seen[key][1] != said:
                complaints.append(f"{key[0]!r}: {seen[key][0]} says {seen[key][1]!r}, {package.name} says {said!r}")
            seen.setdefault(key, (package.name, said))
    report("One text, two translations", complaints, "agree on one, or write two different English sentences.")


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_every_lesson_is_there_in_both_languages(course: Path) -> None:
    there = {code: {path.name.removesuffix(f".{code}.md") for path in course.rglob(f"*.{code}.md")} for code in i18n.LANGUAGES}
    complaints = [f"{course.relative_to(ROOT)}: {name} lacks one language" for name in there["vi"] ^ there["en"]]
    report("Lessons in one language only", complaints, "write the missing <lesson>.vi.md or <lesson>.en.md.")
    assert there["vi"]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_every_text_of_a_course_is_there_in_both_languages(course: Path) -> None:
    complaints = list(_one_sided(yaml.safe_load((course / "course.yaml").read_text()), course.name))
    report("Texts of a course in one language only", complaints, "give both vi and en, lists of the same length.")


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_the_questions_are_the_same_in_both_languages(course: Path) -> None:
    names = {code: _question_names(course / f"questions.{code}.gift") for code in i18n.LANGUAGES}
    assert names["vi"] == names["en"]
    assert names["vi"]


def _question_names(path: Path) -> list[str]:
    return [line.split("::")[1] for line in path.read_text().splitlines() if line.startswith("::")]


def _one_sided(value: Any, place: str) -> list[str]:
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _one_sided(item, f"{place}[{index}]")]
    if not isinstance(value, dict):
        return []
    if set(value) & set(i18n.LANGUAGES):
        sides = [value.get(code) for code in i18n.LANGUAGES]
        if not all(sides) or (isinstance(sides[0], list) and len(sides[0]) != len(sides[1])):
            return [place]
        return []
    return [found for key, item in value.items() for found in _one_sided(item, f"{place}.{key}")]


def _key(message: Message) -> str:
    return str(_all(message.id)[0])


def _all(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _fields(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}

"""The documents are true to the code: settings, commands, tables, links and pictures."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import lms.tables  # noqa: F401 - so that every table is known
from lms.core.db import Model
from tests.architecture.source import ROOT
from tests.architecture.test_commands import COMMANDS

DOCS = ROOT / "docs"
OPERATIONS = DOCS / "operations.md"
GLOSSARY = DOCS / "glossary.md"
HANDBOOK = DOCS / "handbook"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "frontend" / "README.md", *sorted(DOCS.rglob("*.md"))]

_SETTING = re.compile(r"LMS_(?!TEST_)[A-Z_]*[A-Z]")
# A setting with a default that stands in the code as text or number: get("LMS_X", "vi"), _number(env, "LMS_Y", 0).
_DEFAULT = re.compile(r'"(LMS_[A-Z_]+)", (?:"([^"]*)"|(\d+))')
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?lms((?: [a-z]+)*)((?: --?[a-z-]+)*)")
_TARGET = re.compile(r"(?<![\w-])make ([a-z-]+)\b")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_in(page: str) -> Iterator[str]:
    """Yield what a page shows as code: the lines of blocks, and words between backticks."""
    for block in _FENCE.findall(page):
        yield from block.splitlines()[1:-1]
    yield from re.findall(r"`([^`\n]+)`", _FENCE.sub("", page))


def settings() -> set[str]:
    return {name for path in (ROOT / "lms").rglob("*.py") for name in _SETTING.findall(text(path))}


def leaves() -> list[str]:
    return [words for words, command in COMMANDS.items() if words and not isinstance(command, click.Group)]


@pytest.mark.parametrize("name", sorted(settings()))
def test_a_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in text(OPERATIONS), f"add a row for {name} to the table of settings in docs/operations.md"


def test_no_setting_is_explained_that_is_not_there() -> None:
    rows = set(re.findall(r"^\| `(LMS_[A-Z_]+)` \|", text(OPERATIONS), re.MULTILINE))

    assert rows == settings()


@pytest.mark.parametrize(
    ("name", "default"), sorted({(name, word or number) for name, word, number in _DEFAULT.findall(text(ROOT / "lms/core/config.py"))})
)
def test_the_default_of_a_setting_is_right(name: str, default: str) -> None:
    row = next(line for line in text(OPERATIONS).splitlines() if line.startswith(f"| `{name}` |"))

    assert f"`{default}`" in row.split("|")[2], f"{name} is {default!r} unless somebody sets it"


@pytest.mark.parametrize("words", leaves())
def test_a_command_is_explained(words: str) -> None:
    assert f"`lms {words}" in text(OPERATIONS), f"add lms {words} to the table of commands in docs/operations.md"


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_every_command_that_a_page_shows_is_there(path: Path) -> None:
    wrong = []
    for line in code_in(text(path)):
        for words, options in _CALL.findall(line):
            known, command = [], COMMANDS[""]
            for word in words.split():
                if not isinstance(command, click.Group):
                    break  # what follows is an argument
                known.append(word)
                command = COMMANDS.get(" ".join(known), command)
                if " ".join(known) not in COMMANDS:
                    wrong.append(f"lms{words}")
                    break
            offered = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
            wrong += [f"lms{words} {option}" for option in options.split() if option not in offered]

    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_every_target_of_make_that_a_page_shows_is_there(path: Path) -> None:
    there = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    shown = {target for line in code_in(text(path)) for target in _TARGET.findall(line)}

    assert shown - there == set()


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCE.sub("", text(path))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / unquote(file)).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def anchors(page: Path) -> set[str]:
    """Return the names that headings of a page have on the web: lower case, hyphens for spaces, no signs."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_picture_is_shown() -> None:
    pictures = {path.resolve() for path in (HANDBOOK / "pictures").glob("*")}
    shown = {(path.parent / link).resolve() for path in PAGES for link in _LINK.findall(text(path)) if link.endswith(".png")}

    assert pictures - shown == set(), "show the picture on a page, or remove it"


@pytest.mark.parametrize("table", sorted(Model.metadata.tables))
def test_a_table_is_in_the_glossary(table: str) -> None:
    assert f"`{table}`" in text(GLOSSARY), f"say in docs/glossary.md what a row of {table} is called"


def test_the_glossary_names_no_table_that_is_not_there() -> None:
    packages = {name.partition("_")[0] for name in Model.metadata.tables}
    named = {name for name in re.findall(r"`([a-z]+_[a-z_]+)`", text(GLOSSARY)) if name.partition("_")[0] in packages}

    assert named - set(Model.metadata.tables) == set()


def test_the_handbook_says_the_same_in_both_languages() -> None:
    shape = {
        language: {path.name: re.findall(r"^#+", text(path), re.MULTILINE) for path in (HANDBOOK / language).glob("*.md")}
        for language in ("vi", "en")
    }

    assert shape["vi"] == shape["en"]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "adr").glob("0*.md"))

    assert all(later == former + 1 for former, later in pairwise(numbers))
    assert numbers[0] == 1

"""The page of edge cases is true: each case names tests that are there, or says why there is none."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.source import ROOT, functions, report

PAGE = ROOT / "docs" / "quiz-edge-cases.md"
NONE = "none:"
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def cells() -> list[tuple[str, ...]]:
    """Return the cells of every row of the tables, without the heads and the lines under them."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines if line.lstrip().startswith("|")]
    return [row for row in rows if row[0] != "case" and set("".join(row)) - set("-: ")]


@cache
def names_in(place: str) -> frozenset[str]:
    """Return the tests that a file has; none when there is no such file."""
    path = ROOT / place
    if not path.is_file():
        return frozenset()
    return frozenset(each.name for each in functions(ast.parse(path.read_text(encoding="utf-8"))))


def missing(cell: str) -> list[str]:
    """Return the tests that a cell names and that are not there."""
    return [f"{place}::{name}" for place, name in _TEST.findall(cell) if name not in names_in(place)]


def is_proved(cell: str) -> bool:
    """Say whether a cell holds nothing but tests, or says in a few words why there is none."""
    if cell.startswith(NONE):
        return len(cell.removeprefix(NONE).split()) >= 3
    return bool(_TEST.search(cell)) and not _TEST.sub("", cell).strip(", ")


def test_every_case_has_three_cells_that_say_something() -> None:
    report(
        "Rows that are not whole",
        [" | ".join(row) for row in cells() if len(row) != 3 or not all(row)],
        "write case | what we do | test, and no other upright line in a row.",
    )
    assert len(cells()) > 100


def test_every_test_that_is_named_is_there() -> None:
    report(
        "Tests that are not there", [each for row in cells() for each in missing(row[-1])], f"name the test as it is now in {PAGE.name}."
    )


def test_every_case_has_a_test_or_a_reason() -> None:
    report(
        "Cases without a proof",
        [row[0] for row in cells() if not is_proved(row[-1])],
        "name `tests/quizzes/test_x.py::test_name`, several with a comma between, or write none: and the reason.",
    )


def test_no_case_is_there_twice() -> None:
    cases = [(row[0], row[1]) for row in cells()]

    assert sorted(set(cases)) == sorted(cases)


@pytest.mark.parametrize(
    ("cell", "proved"),
    [
        ("`tests/quizzes/test_timing.py::test_a`", True),
        ("`tests/quizzes/test_timing.py::test_a`, `tests/quizzes/test_timing.py::test_b`", True),
        ("none: there is no calendar", True),
        ("none:", False),
        ("", False),
        ("test_a", False),
        ("`tests/quizzes/test_timing.py::test_a` more or less", False),
    ],
)
def test_a_proof_is_a_test_or_a_reason(cell: str, proved: bool) -> None:
    assert is_proved(cell) is proved


def test_a_test_or_a_file_that_is_gone_is_noticed() -> None:
    here = f"`tests/architecture/test_edge_cases_page.py::{test_no_case_is_there_twice.__name__}`"
    gone = ("tests/quizzes/test_timing.py::test_that_nobody_wrote", "tests/quizzes/test_gone.py::test_a")

    assert missing(", ".join([here, *(f"`{each}`" for each in gone)])) == list(gone)

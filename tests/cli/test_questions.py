"""lms questions: what a file holds, in data and in exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.cli.questions import questions
from lms.core import db
from lms.core.db import session
from lms.quizzes.models.bank import Question
from tests.interop.packages import choice_item, package_of

SOUND = "Một?\nA) x\nB) y\nANSWER: A\n\n"
BROKEN = "Hai?\nA) x\nB) y\n"


def run(file: Path, *words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(questions, ["import", str(file), "--json", *words])
    return result.exit_code, json.loads(result.output)


def in_the_bank() -> int:
    with db.transaction():
        return session.scalar(select(func.count(Question.id))) or 0


@pytest.mark.real_database
def test_a_file_is_recognised_and_brought_in_with_its_data(real_database, tmp_path):
    file = tmp_path / "cau-hoi.txt"
    file.write_text(SOUND)

    code, said = run(file, "--apply")

    assert code == 0
    assert {key: said[key] for key in ("questions", "by_type", "titles", "categories", "unsupported", "errors", "applied")} == {
        "questions": 1,
        "by_type": {"multichoice": 1},
        "titles": ["Một?"],
        "categories": [],
        "unsupported": [],
        "errors": [],
        "applied": True,
    }
    assert in_the_bank() == 1


@pytest.mark.real_database
def test_all_or_nothing_refuses_a_file_of_which_a_part_is_broken(real_database, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(SOUND + BROKEN)

    assert run(file, "--apply", "--all-or-nothing")[0] == 2
    assert in_the_bank() == 0
    assert run(file, "--apply")[0] == 0
    assert in_the_bank() == 1


@pytest.mark.real_database
def test_a_file_that_cannot_be_read_changes_nothing_and_says_why(real_database, tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(package_of({"i.xml": choice_item("T")})[:-40])

    code, said = run(file, "--format", "qti2", "--apply")

    assert (code, said["questions"], said["titles"], len(said["errors"])) == (2, 0, [], 1)
    assert in_the_bank() == 0


@pytest.mark.real_database
def test_a_package_keeps_its_pictures(real_database, tmp_path):
    picture = b"\x89PNG\r\n\x1a\n0"
    file = tmp_path / "goi.zip"
    file.write_bytes(package_of({"i.xml": choice_item("T", body='<p><img src="a.png" alt="a"/></p>')}, others={"a.png": picture}))

    code, said = run(file, "--apply")

    assert (code, said["by_type"], said["warnings"]) == (0, {"choice": 1}, [])


@pytest.mark.real_database
@pytest.mark.parametrize("key", ["moodle_xml", "qti2", "qti3", "gift"])
def test_what_is_exported_can_be_brought_in_again_and_changes_nothing(real_database, tmp_path, key):
    first, again = tmp_path / "goi.zip", tmp_path / f"ra.{key}"
    picture = b"\x89PNG\r\n\x1a\n0"
    body = "<p>Nhìn kỹ:</p>" if key == "gift" else '<p><img src="a.png" alt="a"/></p>'
    first.write_bytes(package_of({"i.xml": choice_item("T", body=body)}, others={"a.png": picture}))
    assert run(first, "--apply", "--language", "en")[0] == 0

    result = CliRunner().invoke(questions, ["export", str(again), "--format", key, "--language", "en"])

    assert result.exit_code == 0
    code, said = run(again, "--language", "en")
    assert (code, said["errors"]) == (0, [])
    assert said["fates"] == ({"new": 1} if key == "gift" else {"unchanged": 1})


@pytest.mark.real_database
def test_a_format_that_is_only_read_cannot_be_written(real_database, tmp_path):
    result = CliRunner().invoke(questions, ["export", str(tmp_path / "a"), "--format", "aiken"])

    assert (result.exit_code, (tmp_path / "a").exists()) == (1, False)
    assert "gift, " in result.output


@pytest.mark.real_database
def test_a_single_category_is_taken_out_with_those_below_it(real_database, tmp_path):
    file, out = tmp_path / "a.gift", tmp_path / "b.gift"
    file.write_text("$CATEGORY: A/B\n\n::một::x{T}\n\n$CATEGORY: C\n\n::hai::y{T}\n")
    assert run(file, "--apply")[0] == 0

    result = CliRunner().invoke(questions, ["export", str(out), "--format", "gift", "--category", "A"])

    assert (result.exit_code, run(out)[1]["titles"]) == (0, ["một"])

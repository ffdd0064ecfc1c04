"""The runner of the suite: it counts everything, and nothing red or skipped passes for green."""

from collections import Counter
from pathlib import Path

import pytest

from tools import check_system, run_tests
from tools.run_tests import Part

ONE_OF_EACH = """<?xml version="1.0"?>
<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.0"></testsuite></testsuites>
"""


def test_results_are_counted(tmp_path: Path):
    listed = tmp_path / "results.xml"
    listed.write_text(ONE_OF_EACH)
    assert run_tests._counted(listed) == Counter(passed=4, failed=2, errors=1, skipped=3)


def test_the_closing_line_counts_all_parts():
    done = [Part("mypy", 2.0, Counter(passed=1)), Part("tests", 3.5, Counter(passed=4, failed=2, skipped=3))]
    assert run_tests.closing_line(done).strip("= ") == "2 failed, 5 passed, 3 skipped in 5.50s"


@pytest.mark.parametrize(
    ("counts", "green"), [({"passed": 3}, True), ({"passed": 3, "failed": 1}, False), ({"passed": 3, "errors": 1}, False), ({}, False)]
)
def test_a_part_is_green_when_something_passed_and_nothing_failed(counts: dict[str, int], green: bool):
    assert Part("x", counts=Counter(counts)).is_green is green


def test_settings_of_an_installation_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMS_DATABASE_URL", "postgresql://production/lms")
    monkeypatch.setenv("LMS_TEST_POSTGRESQL", "postgresql://tests/lms")

    assert {name for name in run_tests.environment() if name.startswith("LMS_")} >= {"LMS_TEST_POSTGRESQL"}
    assert "LMS_DATABASE_URL" not in run_tests.environment()


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(check_system, "NEEDS", (check_system.Need(("no-such-program",), "no-such-package", "a test asks for it"),))
    monkeypatch.setattr(check_system.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as stopped:
        check_system.main()

    assert capsys.readouterr().out == "Missing: no-such-program (a test asks for it)\n"
    assert stopped.value.code == "Install it first. On Debian and Ubuntu: sudo apt-get install no-such-package"

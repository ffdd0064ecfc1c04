"""Run everything that must be green, part by part, and close with one line that counts all of it.

Run as ``python -m tools.run_tests`` (``make test`` does).  With CI in the
environment a test that steps aside counts as failed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
WORKERS = max(2, os.cpu_count() or 2)
# Each has a site with its workers beside it; more would wait for each other.
BROWSERS = 4
CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "--quiet", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-cache"]),
)
# pytest's own word for "there was no test".
NOTHING_COLLECTED = 5


@dataclass
class Part:
    """What became of one part: outcome -> how often ("passed", "failed", "skipped", "errors")."""

    name: str
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def is_green(self) -> bool:
        return bool(self.counts["passed"]) and not (self.counts["failed"] or self.counts["errors"])


def check(name: str, command: list[str]) -> Part:
    """Run a check of the code; it counts as one."""
    begun = _announce(name)
    run = subprocess.run([str(PROGRAMS / command[0]), *command[1:]], cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL)
    return Part(name, time.monotonic() - begun, Counter({"failed" if run.returncode else "passed": 1}))


def tests(name: str, *arguments: str, **variables: str) -> Part:
    """Run pytest once and count what it says."""
    begun = _announce(name)
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={listed}", *arguments]
        run = subprocess.run(command, cwd=ROOT, env=environment() | variables, stdin=subprocess.DEVNULL)
        counts = _counted(listed)
    if run.returncode == NOTHING_COLLECTED:
        print(f"There is no test in this part: {name}")
    if run.returncode and not counts["failed"] and not counts["errors"]:
        print(f"\nThis part ended before its end (exit code {run.returncode}; a negative one is the signal that killed it): {name}")
        counts["errors"] += 1
    return Part(name, time.monotonic() - begun, counts)


def environment() -> dict[str, str]:
    """Return this environment without the settings of an installation: tests bring their own."""
    return {name: value for name, value in os.environ.items() if not re.match(r"LMS_(?!TEST_)", name)}


def _announce(name: str) -> float:
    print(f"\n--- {name}", flush=True)
    return time.monotonic()


def _counted(listed: Path) -> Counter[str]:
    if not listed.exists():
        return Counter()
    suite = next(ElementTree.parse(listed).getroot().iter("testsuite"))
    failed, errors, skipped = (int(suite.get(name, "0")) for name in ("failures", "errors", "skipped"))
    return Counter(passed=int(suite.get("tests", "0")) - failed - errors - skipped, failed=failed, errors=errors, skipped=skipped)


def parts() -> list[Part]:
    """Run all parts, the quick ones first; a red part does not hide the others."""
    done = [check(name, command) for name, command in CHECKS]
    several = ["-n", str(WORKERS), "-m", "not browser"]
    done.append(tests("tests on SQLite", *several, LMS_TEST_DATABASE="sqlite"))
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.NoServer as error:
            print(f"\n--- tests on PostgreSQL\n{error}")
            done.append(Part("tests on PostgreSQL", counts=Counter(errors=1)))
        else:
            done.append(tests("tests on PostgreSQL", *several, LMS_TEST_DATABASE="postgresql", LMS_TEST_POSTGRESQL=url))
    # A worker fills a site of its own, and a story lives in one file.
    apart = ["-n", str(min(WORKERS, BROWSERS)), "--dist", "loadfile", "-m", "browser"]
    done.append(tests("tests in the browser", *apart, LMS_TEST_DATABASE="sqlite"))
    return done


def closing_line(done: list[Part]) -> str:
    """Return all counts as pytest closes a run."""
    total = sum((part.counts for part in done), Counter[str]())
    words = {"failed": "failed", "passed": "passed", "skipped": "skipped", "errors": "errors"}
    seconds = sum(part.seconds for part in done)
    said = ", ".join(f"{total[outcome]} {word}" for outcome, word in words.items() if total[outcome])
    return f" {said} in {seconds:.2f}s ".center(100, "=")


def main() -> None:
    """Run everything; exit with 1 when something is red."""
    done = parts()
    print()
    for part in done:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in part.counts.items() if count)
        print(f"{'ok' if part.is_green else 'RED':4} {part.name:24} {part.seconds:7.1f} s  {counts}")
    print(closing_line(done), flush=True)
    # With CI set, what was skipped has been counted as failed already.
    sys.exit(0 if all(part.is_green for part in done) else 1)


if __name__ == "__main__":
    main()

"""Look for the programs that tests need beside Python, and install them where that is allowed.

Run as ``python tools/check_system.py``.  As root on Debian and Ubuntu it
installs what is missing; else it says what to install, and exits with 1.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """A program that tests start; any of the names will do."""

    programs: tuple[str, ...]
    package: str  # of Debian and Ubuntu
    why: str

    def is_met(self) -> bool:
        return any(find(program) for program in self.programs)


NEEDS = (
    Need(("chromium", "chromium-browser", "google-chrome"), "chromium", "the browser tests drive it"),
    Need(("pdftotext",), "poppler-utils", "the tests read certificates with it"),
    Need(("initdb",), "postgresql", "the suite runs on PostgreSQL too"),
)


def find(program: str) -> str | None:
    """Return where a program is; Debian keeps those of PostgreSQL servers out of the usual path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]), reverse=True)
    return shutil.which(program) or next((str(path) for path in versions), None)


def missing() -> list[Need]:
    """Return what is not there."""
    return [need for need in NEEDS if not need.is_met()]


def install(needs: list[Need]) -> None:
    """Install with apt, without a question."""
    packages = [need.package for need in needs]
    print(f"Installing with apt: {', '.join(packages)} ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def main() -> None:
    """Install or name what is missing."""
    needs = missing()
    if needs and shutil.which("apt-get") and os.geteuid() == 0:
        install(needs)
        needs = missing()
    if needs:
        for need in needs:
            print(f"Missing: {need.programs[0]} ({need.why})")
        sys.exit(f"Install it first. On Debian and Ubuntu: sudo apt-get install {' '.join(need.package for need in needs)}")


if __name__ == "__main__":
    main()

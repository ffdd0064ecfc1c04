"""lms demo: never touches data that are not its own, and starts over where it was stopped."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")} | {"LMS_INSTANCE": str(instance)}
    return subprocess.run(
        [sys.executable, "-m", "lms.cli.main", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_demo_refuses_a_database_with_other_data(tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("code,parent_code,kind,name\nSGD,,so,Sở GD&ĐT\n")
    run(tmp_path, "db", "upgrade")
    assert run(tmp_path, "units", "import", str(units), "--apply").returncode == 0

    for words in ((), ("--fresh",)):
        refused = run(tmp_path, "demo", "--no-serve", *words)
        assert (refused.returncode, "not the demo's" in refused.stderr) == (1, True)
    assert "1 unchanged" in run(tmp_path, "units", "import", str(units)).stdout


def test_a_demo_that_was_stopped_starts_over_and_a_filled_one_does_not(tmp_path: Path) -> None:
    small = ("demo", "--no-serve", "--wards", "1", "--size", "0.01")
    stopped = subprocess.Popen(
        [sys.executable, "-m", "lms.cli.main", *small],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("LMS_")} | {"LMS_INSTANCE": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert stopped.stdout is not None
    for line in stopped.stdout:
        if "units" in line:
            break
    stopped.kill()
    stopped.communicate()

    filled = run(tmp_path, *small)
    again = run(tmp_path, *small)

    assert (filled.returncode, "Filling the demo" in filled.stdout) == (0, True)
    assert (again.returncode, "Filling the demo" in again.stdout) == (0, False)
    assert (tmp_path / "demo.json").exists()

"""Templates are compiled once and kept; that there is no room for them is no reason to show nothing."""

import shutil
from dataclasses import replace
from pathlib import Path

from lms.app import create_app
from lms.core import config


def test_a_second_start_finds_the_templates_compiled(settings: config.Settings, tmp_path: Path) -> None:
    mine = replace(settings, instance=tmp_path)
    create_app(mine).test_client().get("/sign-in")
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "templates").iterdir()}

    create_app(mine).test_client().get("/sign-in")

    assert kept
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "templates").iterdir()} == kept


def test_nobody_else_may_write_what_will_be_run(settings: config.Settings, tmp_path: Path) -> None:
    create_app(replace(settings, instance=tmp_path))

    assert (tmp_path / "templates").stat().st_mode & 0o077 == 0


def test_without_room_for_them_pages_are_shown_all_the_same(settings: config.Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, instance=tmp_path))
    shutil.rmtree(tmp_path / "templates")

    assert app.test_client().get("/sign-in").status_code == 200

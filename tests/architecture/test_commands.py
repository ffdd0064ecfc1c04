"""Every command of the command line explains itself and offers data where it prints some."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lms.cli.main import main
from tests.architecture.source import ROOT

# What is promised; with --json where data is printed.
PROMISED = {
    "serve": False,
    "demo": False,
    "db upgrade": False,
    "jobs run": False,
    "units import": True,
    "people import": True,
    "questions import": True,
    "courses import": False,
    "courses export": False,
    "courses check": True,
    "catalogue references": True,
    "catalogue table": True,
    "coverage show": True,
    "coverage verify": True,
    "certificates verify": True,
    "certificates revoke": False,
    "certificates restore": False,
    "doctor": True,
}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it."""

    def below(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                yield from below(f"{words} {name}".strip(), inner)

    return below("", main)


COMMANDS = dict(commands())


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words or "lms")
def test_a_command_answers_help(words: str) -> None:
    answer = CliRunner().invoke(COMMANDS[words], ["--help"])

    assert answer.exit_code == 0, answer.output
    assert COMMANDS[words].help, f"lms {words} does not say what it does: give its function a docstring"


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words or "lms")
def test_every_option_is_explained(words: str) -> None:
    silent = [
        option.opts
        for option in COMMANDS[words].params
        if isinstance(option, click.Option) and not option.help and not option.show_default and option.name != "help"
    ]
    assert silent == [], "give each option a help=..."


@pytest.mark.parametrize("words", PROMISED)
def test_a_promised_command_is_there(words: str) -> None:
    assert words in COMMANDS, f"lms {words} is missing in lms/cli/main.py"
    if PROMISED[words]:
        assert "--json" in {name for option in COMMANDS[words].params for name in option.opts}


@pytest.mark.parametrize("words", ["", "db upgrade", "doctor"])
def test_help_needs_no_database(words: str, tmp_path: Path) -> None:
    environment = {**os.environ, "LMS_INSTANCE": str(tmp_path), "LMS_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    run = subprocess.run(
        [sys.executable, "-m", "lms.cli.main", *words.split(), "--help"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Usage: ")


def test_a_wrong_setting_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "LMS_INSTANCE": str(tmp_path), "LMS_DATABASE_URL": "mysql://here"}
    run = subprocess.run(
        [sys.executable, "-m", "lms.cli.main", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

    assert run.returncode == 2
    assert run.stderr == "LMS_DATABASE_URL is 'mysql://here': give sqlite:///PATH or postgresql://user:password@host/name\n"

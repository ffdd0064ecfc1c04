"""lms: the command line of An toàn số."""

import sys

import click

from lms.core.config import SettingError
from lms.core.errors import LmsError
from lms.core.later import load

# Where each command lives; a command loads only what it needs, so that the server starts at once.
COMMANDS = {
    "accounts": "lms.cli.accounts:accounts",
    "catalogue": "lms.cli.catalogue:catalogue",
    "certificates": "lms.cli.certificates:certificates",
    "courses": "lms.cli.courses:courses",
    "coverage": "lms.cli.coverage:coverage",
    "db": "lms.cli.database:database",
    "demo": "lms.cli.demo:demo",
    "doctor": "lms.cli.doctor:doctor",
    "jobs": "lms.cli.jobs:jobs",
    "questions": "lms.cli.questions:questions",
    "learning": "lms.cli.learning:learning",
    "people": "lms.cli.people:people",
    "serve": "lms.cli.serve:serve",
    "units": "lms.cli.units:units",
}
OTHER_NAMES = {"course": "courses"}
# These open what they need themselves: the server starts processes that each open the database.
WITHOUT_APP = {"serve"}


class Commands(click.Group):
    """Runs a command with the database open; errors are sentences, not tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        cmd_name = OTHER_NAMES.get(cmd_name, cmd_name)
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = load(COMMANDS[cmd_name])
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LmsError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except SettingError as error:
            click.echo(str(error), err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Train a whole school system in staying safe online."""
    if ctx.invoked_subcommand not in WITHOUT_APP and not ctx.resilient_parsing and "--help" not in sys.argv:
        ctx.with_resource(load("lms.app:create_app")().app_context())
        ctx.call_on_close(load("lms.core.db:session").remove)


if __name__ == "__main__":
    main()

"""lms: the command line of An toàn số."""

import sys

import click

from lms.app import create_app
from lms.cli.certificates import certificates
from lms.cli.database import database
from lms.cli.doctor import doctor
from lms.cli.jobs import jobs
from lms.cli.serve import serve
from lms.core.config import SettingError
from lms.core.db import session
from lms.core.errors import LmsError


class Commands(click.Group):
    """Runs a command with the database open; errors are sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LmsError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except SettingError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        finally:
            session.remove()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Train a whole school system in staying safe online."""
    if ctx.invoked_subcommand not in WITHOUT_APP and not ctx.resilient_parsing:
        ctx.with_resource(create_app().app_context())


# These open what they need themselves: the server forks, migrations run before tables exist.
WITHOUT_APP = {"serve"}

for command in (certificates, database, doctor, jobs, serve):
    main.add_command(command)

if __name__ == "__main__":
    main()

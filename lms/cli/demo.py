"""lms demo: an invented district to look at and play with."""

import json
import os
import subprocess
import sys
import time

import click

from lms.cli.database import migrate
from lms.core import config, db
from lms.core.db import session
from lms.demo import filling


@click.command()
@click.option("--fresh", is_flag=True, help="Start over: everything in the demo database is thrown away.")
@click.option("--wards", default=15, show_default=True, type=click.IntRange(1, 15), help="How many wards.")
@click.option("--size", default=1.0, show_default=True, type=click.FloatRange(0.01, 1.0), help="Which share of the schools.")
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), show_default="PORT or 8000", type=int)
@click.option("--serve/--no-serve", default=True, help="Serve the site when it is filled.")
def demo(fresh: bool, wards: int, size: float, port: int, serve: bool) -> None:
    """Fill an empty SQLite database with an invented district, say who can sign in, and serve it."""
    settings = config.load()
    if not settings.is_sqlite:
        raise click.ClickException("The demo fills its own SQLite file: unset LMS_DATABASE_URL.")
    begun = time.monotonic()
    migrate("head")
    found = filling.state()
    session.remove()
    if found == "other":
        raise click.ClickException(
            f"{settings.database_url} holds data that are not the demo's; nothing was changed. Set LMS_INSTANCE to another folder."
        )
    if fresh or found == "begun":
        _start_over(settings.database_url)

    def say(what: str) -> None:
        click.echo(f"  {time.monotonic() - begun:5.1f} s  {what}")

    if found == "filled" and not fresh:
        players = filling.players()
    else:
        click.echo("Filling the demo: an invented district, every name in it is made up.")
        session.remove()
        players = filling.fill(say, wards=wards, size=size)
    url = f"http://127.0.0.1:{port}"
    accounts = {
        player.role: {
            "username": player.username,
            "password": filling.PASSWORD,
            "url": url + player.path,
            "name": player.full_name,
            "unit": player.unit_name,
        }
        for player in players
    }
    (settings.instance / "demo.json").write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n")
    _tell(players, url)
    session.remove()
    if serve:
        environment = os.environ | {"LMS_BASE_URL": os.environ.get("LMS_BASE_URL", url)}
        sys.exit(subprocess.call([sys.executable, "-m", "lms.cli.main", "serve", "--port", str(port)], env=environment))


def _start_over(url: str) -> None:
    """Throw the demo's database away and make an empty one."""
    db.engine().dispose()
    path = url.removeprefix("sqlite:///")
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(path + ending):
            os.remove(path + ending)
    db.connect(url)
    migrate("head")


def _tell(players: list[filling.Player], url: str) -> None:
    click.echo(f"\nWho can sign in at {url}/sign-in (the password of all: {filling.PASSWORD})\n")
    for player in players:
        click.echo(f"  {player.role:15} {player.username:28} {player.full_name}, {player.unit_name}")
    click.echo("")

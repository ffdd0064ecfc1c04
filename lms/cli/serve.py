"""lms serve: the web server, and beside it the runner of jobs."""

import gc
import multiprocessing
import os
import subprocess
import sys

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms import app
from lms.core import config
from lms.web.built import NotBuilt, manifest


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), show_default="PORT or 8000", type=int)
@click.option("--workers", default=2, show_default=True, help="Processes; about one per core.")
@click.option("--jobs/--no-jobs", default=True, help="Run the jobs too; with several servers let one machine do it.")
def serve(host: str, port: int, workers: int, jobs: bool) -> None:
    """Serve the site until it is stopped."""
    config.load()
    try:
        manifest()
    except NotBuilt as error:
        raise click.ClickException(str(error)) from error
    runner = subprocess.Popen([sys.executable, "-m", "lms.cli.main", "jobs", "run"]) if jobs else None
    click.echo(f"An toàn số: http://{host}:{port}  (Ctrl+C to stop)")
    try:
        _let_workers_share()
        Granian(
            f"{app.__name__}:create_app",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            # One thread a process: the page is work for the processor, and SQLite has one writer anyway.
            blocking_threads=1,
            respawn_failed_workers=True,
            websockets=False,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        if runner is not None:
            runner.terminate()
            runner.wait(timeout=10)


def _let_workers_share() -> None:
    """Let workers begin as copies of this process, which has loaded the site already, and share most of what it holds.

    A further worker then costs about half the memory, and one that has to be
    begun again serves at once.  Elsewhere than on Linux workers begin from nothing.
    """
    if sys.platform != "linux":
        return
    multiprocessing.set_start_method("fork", force=True)
    # What was read is here to stay: the collector would write into every page of it, and so end the sharing.
    gc.freeze()

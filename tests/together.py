"""Doing things in the same instant, each with a connection of its own; for tests with ``real_database``."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from lms.core import db


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks at the same time, each in its own transaction; return what each gave or raised, in order."""
    gate = Barrier(len(tasks))
    came: list[Any] = [None] * len(tasks)

    def work(number: int, task: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            with db.transaction():
                came[number] = task()
        except Exception as error:  # what a task raises is what the test wants to see
            came[number] = error
        finally:
            db.session.remove()

    threads = [Thread(target=work, args=(number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return came

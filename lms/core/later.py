"""Functions that are named now and loaded when they are first called: what few requests need does not hold up the start."""

import gc
from collections.abc import Callable
from importlib import import_module
from typing import Any


def load(name: str) -> Any:
    """Return what "package.module:name" names; raises ImportError or AttributeError when there is no such thing."""
    module, _, attribute = name.partition(":")
    # What a module makes is there to stay: looking through all of it for garbage, again and again, is a seventh of the start.
    collected = gc.isenabled()
    gc.disable()
    try:
        return getattr(import_module(module), attribute)
    finally:
        if collected:
            gc.enable()


def later(name: str) -> Callable[..., Any]:
    """Return a function that calls the one named "package.module:name", and loads its module only then.

    A test calls each of those that lms/app.py names, so that a slip of the pen shows.
    """

    def call(*args: Any, **values: Any) -> Any:
        return load(name)(*args, **values)

    call.__qualname__ = name
    return call

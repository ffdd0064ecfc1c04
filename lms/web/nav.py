"""What stands in the top line: where one can go, and who one is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request

from lms.core.i18n import gettext
from lms.core.shelf import Shelf
from lms.web.addresses import url_for
from lms.web.signin import Actor, maybe_actor


@dataclass(frozen=True)
class Item:
    """A place in the navigation; shown to those for whom ``when`` says so, from their roles and their unit alone."""

    label: Any
    endpoint: str
    icon: str
    when: Callable[[Actor], bool]
    values: Callable[[Actor], dict[str, Any]] = lambda actor: {}


@dataclass(frozen=True)
class Shown:
    """A place as the page shows it."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Who:
    """The signed-in person as the page shows it."""

    full_name: str
    greeting_name: str  # "cô Hường"
    initial: str
    unit_name: str
    skin: str  # "", "lop-4-5", "lop-6-9"


_known: Shelf[tuple[tuple[Item, str], ...]] = Shelf(500)


def install(app: Flask, items: list[Item], links: Mapping[str, str]) -> None:
    """Give every page its navigation; ``links`` names the endpoints of fixed places (account, verify, ...)."""

    @app.context_processor
    def provide() -> dict[str, Any]:
        someone = maybe_actor()
        return {
            "nav": shown(items, someone) if someone else (),
            "who": who(someone) if someone else None,
            "links": {name: url_for(endpoint) for name, endpoint in links.items()},
        }


def shown(items: Sequence[Item], someone: Actor) -> tuple[Shown, ...]:
    """Return the items for this person; the one of the present page is current."""
    places = _places(items, someone)
    path = request.path
    fitting = [url for _item, url in places if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    best = max(fitting, key=len, default=None)
    return tuple([Shown(str(item.label), url, item.icon, url == best) for item, url in places])


def _places(items: Sequence[Item], someone: Actor) -> tuple[tuple[Item, str], ...]:
    """Return the items for somebody with their addresses: what roles and unit decide, hardly anybody has alone."""
    key = (id(items), someone.grants, someone.unit_code, request.script_root)
    known = _known.get(key)
    if known is None:
        known = tuple([(item, url_for(item.endpoint, **item.values(someone))) for item in items if item.when(someone)])
        _known.put(key, known)
    return known


def who(someone: Actor) -> Who:
    """Return how the page names the signed-in person."""
    return Who(someone.full_name, greeting_name(someone), someone.given_name[:1].upper(), someone.unit_name, skin(someone))


def greeting_name(someone: Actor) -> str:
    """Return how to address the person: adults by salutation and given name."""
    if someone.is_pupil:
        return someone.given_name
    if someone.gender == "F":
        return gettext("Ms {name}", name=someone.given_name)
    if someone.gender == "M":
        return gettext("Mr {name}", name=someone.given_name)
    return someone.given_name


def skin(someone: Actor) -> str:
    """Return the look of the person's pages: pupils have larger type and rounder shapes."""
    if not someone.is_pupil:
        return ""
    return "lop-4-5" if someone.grade is not None and someone.grade <= 5 else "lop-6-9"

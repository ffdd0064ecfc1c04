"""The order of packages and of the floors inside one, as docs/ARCHITECTURE.md describes them."""

import ast
import re
from functools import cache

from tests.architecture.source import Module, imported_modules, modules

# From low to high. Packages on one rung do not know each other.
RUNGS: tuple[tuple[str, ...], ...] = (
    ("core",),
    ("web",),
    ("accounts",),
    ("schools",),
    ("notifications",),
    ("portal", "support", "certificates"),
    ("courses",),
    ("programmes",),
    ("learning",),
    ("quizzes",),
    ("interop",),
    ("reports",),
    ("privacy",),
    ("demo",),
    ("api",),
    ("cli",),
)
RANK = {name: rank for rank, rung in enumerate(RUNGS) for name in rung}
# Folders that hold no code.
NO_PACKAGES = {"catalogue"}

EDGE = re.compile(r"^(views|manage)(_\w+)?$")
FORMS = re.compile(r"^forms(_\w+)?$")
READING = re.compile(r"^(queries|rules)(_\w+)?$")
FLASK_PACKAGES = {"web", "api", "cli"}
FLASK = {"flask", "flask_login", "flask_wtf", "flask_limiter", "wtforms", "werkzeug"}

PURE, TABLES, READS, WRITES, ASKS, SHOWS = range(6)
FLOORS = ("pure", "models", "queries and rules", "services", "forms", "views")

_WRITING_CALLS = re.compile(r"(^|\.)session\.(add|add_all|delete|flush|merge|bulk_\w+)$")
_WRITING_NAMES = {"insert", "update", "delete", "insert_new"}


def is_edge(module: Module) -> bool:
    """Return whether it is a view module."""
    return any(EDGE.match(word) for word in module.words)


def may_know_flask(module: Module) -> bool:
    """Return whether it stands on the forms floor or above, or is the toolbox or another edge."""
    return not module.package or module.package in FLASK_PACKAGES or any(EDGE.match(word) or FORMS.match(word) for word in module.words)


@cache
def floor(name: str) -> int:
    """Return the floor of a module: by its name, else by what it does with the database."""
    module = modules()[name]
    if is_edge(module):
        return SHOWS
    if any(FORMS.match(word) for word in module.words):
        return ASKS
    if "models" in module.words:
        return TABLES
    return _by_deed(name, frozenset())


def _by_deed(name: str, asked: frozenset[str]) -> int:
    module = modules()[name]
    if _writes(module):
        return WRITES
    found = READS if _touches_database(module) else PURE
    for _, target in imported_modules(module):
        other = modules()[target]
        if other.package == module.package and target not in asked and "models" not in other.words:
            found = max(found, _by_deed(target, asked | {name}))
        elif "models" in other.words:
            found = max(found, READS)
    return min(found, WRITES)


def _writes(module: Module) -> bool:
    if any(one.name in _WRITING_NAMES for one in module.imports):
        return True
    calls = (ast.unparse(node.func) for node in module.nodes(ast.Call) if isinstance(node, ast.Call))
    return any(_WRITING_CALLS.search(call) for call in calls)


def _touches_database(module: Module) -> bool:
    return any(target.split(".")[0] == "sqlalchemy" or target == "lms.core.db" for one in module.imports for target in one.targets)

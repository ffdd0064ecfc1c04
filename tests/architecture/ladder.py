"""The order of packages and of the floors inside one, as docs/ARCHITECTURE.md describes them."""

import ast
import re
from functools import cache

from tests.architecture.source import Module, called, imported_modules, modules

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
    ("attendance",),
    ("materials", "surveys", "discussions"),
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

_WRITING_CALLS = re.compile(r"(^|\.)session\.(add|add_all|delete|flush|merge|bulk_\w+)$|^(sa\.)?update$")
_WRITING_NAMES = {"insert", "insert_new", "delete"}


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
    return _deeds()[name]


@cache
def _deeds() -> dict[str, int]:
    """Return what each module does, itself or through others of its package: PURE, READS or WRITES."""
    found = {name: WRITES if _writes(module.tree) else READS if _touches_database(module) else PURE for name, module in modules().items()}
    uses = {name: {target for _, target in imported_modules(module)} for name, module in modules().items()}
    changed = True
    while changed:
        changed = False
        for name, targets in uses.items():
            for target in targets:
                is_table, is_near = "models" in modules()[target].words, modules()[target].package == modules()[name].package
                through = READS if is_table else found[target] if is_near else PURE
                if through > found[name]:
                    found[name], changed = through, True
    return found


@cache
def writing_functions() -> frozenset[str]:
    """Return the functions that write rows, themselves or through others, as "lms.schools.tree.close_unit"."""
    bodies = {
        f"{module.name}.{node.name}": (module, node)
        for module in modules().values()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
    }
    calls = {name: {full for call in called(node) if (full := _resolve(module, call))} for name, (module, node) in bodies.items()}
    writing = {name for name, (_, node) in bodies.items() if _writes(node)}
    while more := {name for name in bodies if name not in writing and calls[name] & writing}:
        writing |= more
    return frozenset(writing)


def _resolve(module: Module, call: str) -> str | None:
    """Return the full name of what is called as ``name`` or ``alias.name`` in a module; None when it is not ours."""
    alias, _, name = call.rpartition(".")
    for one in module.imports:
        if alias and one.called == alias and one.targets[-1] in modules():
            return f"{one.targets[-1]}.{name}"
        if not alias and one.called == name and one.targets[0] in modules():
            return f"{one.targets[0]}.{one.name}"
    return None if alias else f"{module.name}.{name}"


def _writes(tree: ast.AST) -> bool:
    return any(_WRITING_CALLS.search(call) or call.split(".")[-1] in _WRITING_NAMES for call in called(tree))


def _touches_database(module: Module) -> bool:
    return any(target.split(".")[0] == "sqlalchemy" or target == "lms.core.db" for one in module.imports for target in one.targets)

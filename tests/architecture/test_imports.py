"""Imports go down the ladder of packages and down the floors inside one, never in a circle, never inside a function."""

import ast
import subprocess
import sys
from collections.abc import Iterator

from tests.architecture import ladder
from tests.architecture.source import LMS, ROOT, Module, called, functions, imported_modules, modules, report

# A service that needs who is asking takes an Actor; it does not ask the request itself.
OF_WEB_BELOW_FORMS = {"Actor", "Grant"}

# Where a transaction ends. Everybody else writes rows and leaves the end to the edge.
COMMITTING = ("lms/web/transactions.py", "lms/core/db.py", "lms/core/jobs.py", "lms/cli/")
# Long work that commits in portions, and why it must.
COMMITTING_IN_PORTIONS = {
    "lms/demo/filling.py": "called by the command `lms demo`, which says how far it is",
    "lms/notifications/delivery.py": "a job; no transaction may be open while a mail server answers",
}

# Ways to import inside a function that look like none, and who may use them.
LATE_IMPORTS = {"import_module", "importlib.import_module", "__import__"}
IMPORTED_LATE = {"lms/core/later.py": "the app and the commands load what few need only then, so that the server starts at once"}


def test_every_package_has_its_place_on_the_ladder() -> None:
    unknown = {module.package for module in modules().values()} - set(ladder.RANK) - {""}
    report(
        "Packages without a rung",
        sorted(unknown),
        "put the package into RUNGS in tests/architecture/ladder.py and into docs/ARCHITECTURE.md.",
    )


def test_packages_import_down_the_ladder() -> None:
    complaints = []
    for module in modules().values():
        for one, target in imported_modules(module):
            other = modules()[target].package
            if module.package == other or not module.package:
                continue
            if not other:
                if module.package not in ("cli", "api", "demo") and target != "lms":
                    complaints.append(f"{module.place}:{one.line} imports {target}")
            elif ladder.RANK[other] >= ladder.RANK[module.package]:
                complaints.append(f"{module.place}:{one.line} ({module.package}) imports {target}, which stands higher or on the same rung")
    report(
        "Imports up the ladder",
        complaints,
        "let the higher package tell the story and call the lower one; or let the lower one offer a kind (a class listed in lms/app.py).",
    )


def test_files_of_a_package_import_down_the_floors() -> None:
    complaints = []
    for module in modules().values():
        # Core is the ground that all floors stand on; the toolbox and the edges have no floors.
        if not module.package or module.package == "core" or module.package in ladder.FLASK_PACKAGES:
            continue
        own = ladder.floor(module.name)
        for one, target in imported_modules(module):
            other = modules()[target]
            if other.path.name == "__init__.py":
                continue
            theirs = ladder.floor(target)
            if other.package == module.package and theirs > own:
                complaints.append(f"{module.place}:{one.line} ({ladder.FLOORS[own]}) imports {target} ({ladder.FLOORS[theirs]})")
            if theirs >= ladder.ASKS and other.package not in ladder.FLASK_PACKAGES and own < ladder.ASKS:
                complaints.append(f"{module.place}:{one.line} ({ladder.FLOORS[own]}) imports {target} ({ladder.FLOORS[theirs]})")
    report(
        "Imports up the floors", complaints, "move what both need down: views > forms > services > queries, rules > models > pure modules."
    )


def test_queries_and_rules_only_read() -> None:
    complaints = [
        name for name in ladder.writing_functions() if any(ladder.READING.match(word) for word in modules()[name.rpartition(".")[0]].words)
    ]
    report(
        "Functions of queries or rules that write, or call what does", complaints, "move the verb into a service; queries and rules read."
    )


def test_views_do_not_import_views() -> None:
    complaints = [
        f"{module.place}:{one.line} imports {target}"
        for module in modules().values()
        if module.package not in ("", "cli")
        for one, target in imported_modules(module)
        if ladder.is_edge(modules()[target])
    ]
    report(
        "Views imported by others than lms/app.py",
        complaints,
        "name a page by its endpoint (url_for), or move what both need into a lower module.",
    )


def test_flask_stays_above_the_services() -> None:
    complaints = [
        f"{module.place}:{one.line} imports {one.targets[-1]}"
        for module in modules().values()
        if not ladder.may_know_flask(module)
        for one in module.imports
        if one.targets[0].split(".")[0] in ladder.FLASK
    ]
    report("Flask or WTForms below the forms floor", complaints, "take plain values as arguments; the view gives them.")


def test_services_do_not_ask_the_request_through_the_toolbox() -> None:
    complaints = [
        f"{module.place}:{one.line} imports {one.targets[-1]}"
        for module in modules().values()
        if not ladder.may_know_flask(module)
        for one, target in imported_modules(module)
        if modules()[target].package == "web" and one.name not in OF_WEB_BELOW_FORMS
    ]
    report(
        "The web toolbox used below the forms floor",
        complaints,
        "take an Actor or plain values as arguments; only Actor and Grant may be imported here.",
    )


def test_only_the_edge_ends_a_transaction() -> None:
    complaints = []
    for module in modules().values():
        if module.place.startswith(COMMITTING) or module.place in COMMITTING_IN_PORTIONS:
            continue
        for call in called(module.tree):
            if call.split(".")[-1] == "commit" or call in ("db.transaction", "transaction", "session.rollback", "db.session.rollback"):
                complaints.append(f"{module.place}: {call}()")
    report(
        "Transactions that end below the edge",
        complaints,
        "flush when you need ids; a view that returns commits, and so do commands and the runner of jobs.",
    )


def test_no_circle_of_imports() -> None:
    circles = [" -> ".join(sorted(circle)) for circle in _circles()]
    report("Circles of imports", circles, "move what two modules need from each other into a third one below both.")


def test_no_import_inside_a_function() -> None:
    complaints = [
        f"{module.place}:{node.lineno}"
        for module in modules().values()
        for function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in LATE_IMPORTS and module.place not in IMPORTED_LATE)
    ]
    report("Imports inside functions", complaints, "import at the top; if that makes a circle, the module is in the wrong place.")


def test_import_linter_agrees() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_import_linter_knows_the_same_ladder() -> None:
    text = (ROOT / "setup.cfg").read_text()
    block = text.split("[importlinter:contract:ladder]")[1].split("layers =")[1].split("\n\n")[0]
    rungs = [tuple(part.strip(" ()").removeprefix("lms.") for part in line.split("|")) for line in block.split("\n") if line.strip()]
    assert [set(rung) for rung in reversed(rungs)] == [set(rung) for rung in ladder.RUNGS]


def _circles() -> Iterator[set[str]]:
    """Yield the groups of modules that reach each other (Tarjan's strongly connected components)."""
    edges = {name: _neighbours(module) for name, module in modules().items()}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in edges:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        path = [(start, iter(sorted(edges[start])))]
        while path:
            name, rest = path[-1]
            target = next(rest, None)
            if target is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[name])
                if low[name] == index[name]:
                    cut = stack.index(name)
                    circle, stack[cut:] = set(stack[cut:]), []
                    if len(circle) > 1:
                        yield circle
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                path.append((target, iter(sorted(edges[target]))))
            elif target in stack:
                low[name] = min(low[name], index[target])


def _neighbours(module: Module) -> set[str]:
    return {target for one in module.imports for target in one.targets if target in modules() and target != module.name}


def test_the_reader_sees_every_module() -> None:
    """The checks above mean nothing when they read nothing."""
    assert len(modules()) == len(list(LMS.rglob("*.py"))) > 50
    assert "lms.core.db" in _neighbours(modules()["lms.app"])
    assert "lms.schools.tree.open_unit" in ladder.writing_functions()
    assert "lms.schools.tree.name_on" not in ladder.writing_functions()

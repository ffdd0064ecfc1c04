"""Every view says who may come in, once, and asks what it needs beyond being signed in."""

import ast

from flask import Flask

from tests.architecture.source import Module, called, modules, report

GUARDS = {"public", "signed_in", "with_role"}
# Flask's own route for files; what lies there is public.
WITHOUT_GUARD = {"static"}

# Views that need no allow(...), and why nobody can reach another's data by them.
OWN_DATA_ONLY: dict[str, str] = {
    "accounts.change_password": "the actor's own account",
    "accounts.profile": "the actor's own account",
    "accounts.sign_out_everywhere": "the actor's own sessions",
    "certificates.mine": "the certificates of actor().person_id",
    "learning.courses": "the courses that rules.may_open lets actor() open",
    "learning.home": "the duties and enrolments of actor().person_id",
    "notifications.read": "the notices of actor().account_id",
}


def _routed() -> list[tuple[Module, ast.FunctionDef]]:
    """Return every function that a route decorator stands on."""
    return [
        (module, node)
        for module in modules().values()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and any(_is_route(one) for one in node.decorator_list)
    ]


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ("route", "get", "post", "put", "delete", "patch")
    )


def _guard(decorator: ast.expr) -> str | None:
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator).split(".")[-1]
    return name if name in GUARDS else None


def test_every_endpoint_has_a_guard(app: Flask) -> None:
    complaints = []
    for endpoint, view in app.view_functions.items():
        guard = getattr(view, "guard", "")
        if endpoint not in WITHOUT_GUARD and guard not in ("public", "signed_in") and not guard.startswith("role:"):
            complaints.append(f"{endpoint}: guard is {guard!r}")
    report(
        "Endpoints without a guard", complaints, "put @public, @signed_in or @with_role(...) of lms.web.guards directly under the route."
    )


def test_every_view_has_exactly_one_guard_directly_under_its_routes() -> None:
    complaints = []
    for module, node in _routed():
        after = [one for one in node.decorator_list if not _is_route(one)]
        guards = [one for one in after if _guard(one)]
        if len(guards) != 1:
            complaints.append(f"{module.place}:{node.lineno} {node.name} has {len(guards)} guards")
        elif after[0] is not guards[0]:
            complaints.append(f"{module.place}:{node.lineno} {node.name}: its guard is not the first under the route")
    report("Views with no, two or misplaced guards", complaints, "write @bp.route(...) lines, then one guard, then limits.")


def test_every_view_asks_whether_the_actor_may() -> None:
    complaints = []
    for module, node in _routed():
        guards = [guard for one in node.decorator_list if (guard := _guard(one))]
        endpoint = f"{_blueprint(module)}.{node.name}"
        if guards in ([], ["public"]) or endpoint in OWN_DATA_ONLY or "allow" in _reached_calls(module, node):
            continue
        complaints.append(f"{module.place}:{node.lineno} {endpoint}")
    report(
        "Views that never ask allow(...)",
        complaints,
        "call allow(rules.may_...(actor(), row)) after found(...); or, when it shows only the actor's own data, name it with the reason in OWN_DATA_ONLY.",
    )


def test_the_list_of_views_on_own_data_is_true(app: Flask) -> None:
    gone = sorted(set(OWN_DATA_ONLY) - set(app.view_functions))
    there = {blueprint for endpoint in app.view_functions if "." in endpoint for blueprint in [endpoint.split(".")[0]]}
    report("Names in OWN_DATA_ONLY that are no views", [name for name in gone if name.split(".")[0] in there], "take them out of the list.")


def _blueprint(module: Module) -> str:
    """Return the name of the blueprint that the module defines or, in a second module of views, uses."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Blueprint":
            return str(ast.literal_eval(node.value.args[0]))
    return module.package


def _reached_calls(module: Module, start: ast.FunctionDef) -> set[str]:
    """Return what the view calls, itself or through functions of its module."""
    local = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    seen: set[str] = set()
    calls: set[str] = set()
    waiting = [start]
    while waiting:
        found = called(waiting.pop())
        calls |= found
        for name in (found & set(local)) - seen:
            seen.add(name)
            waiting.append(local[name])
    return calls

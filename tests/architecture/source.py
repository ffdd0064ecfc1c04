"""Reads the product's modules: their names, imports and syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LMS = ROOT / "lms"


@dataclass(frozen=True)
class Import:
    """One imported thing: a module, or a name in one."""

    targets: tuple[str, ...]  # "lms.core", and "lms.core.db" when that is a module too
    name: str  # what was named last: "db", "session"
    called: str  # what it is called here, after "as"
    line: int


@dataclass(frozen=True)
class Module:
    """One module of the product."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        """Return "core" for lms.core.db, "" for lms.app."""
        parts = self.path.relative_to(LMS).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def words(self) -> tuple[str, ...]:
        """Return the names on the way below the package: ("models", "bank") for lms.quizzes.models.bank."""
        return self.path.relative_to(LMS).with_suffix("").parts[1:]

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, self.name, is_package=self.path.name == "__init__.py"))

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


@cache
def modules() -> dict[str, Module]:
    """Return every module of lms by its dotted name."""
    found = {}
    for path in sorted(LMS.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(), filename=str(path)))
    return found


def _imports(tree: ast.AST, name: str, *, is_package: bool) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import((alias.name,), alias.name, alias.asname or alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            stem = node.module or ""
            if node.level:
                here = name.split(".") if is_package else name.split(".")[:-1]
                stem = ".".join([*here[: len(here) - node.level + 1], *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import((stem, f"{stem}.{alias.name}"), alias.name, alias.asname or alias.name, node.lineno)


def imported_modules(module: Module) -> Iterator[tuple[Import, str]]:
    """Yield the product's modules that a module imports, the deepest that each import names."""
    for one in module.imports:
        ours = [target for target in one.targets if target in modules() and target != module.name]
        if ours:
            yield one, ours[-1]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function, methods and inner ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(node: ast.AST) -> set[str]:
    """Return what is called inside, as it is written: {"session.commit", "allow"}."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def report(title: str, complaints: list[str], cure: str) -> None:
    """Fail with every complaint and one sentence that says how to mend them."""
    if complaints:
        listed = "\n  ".join(sorted(set(complaints)))
        pytest.fail(f"{title}:\n  {listed}\nTo mend: {cure}", pytrace=False)

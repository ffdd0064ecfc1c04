"""Modules say what they hold, have names that say something, and carry nothing of the machine they were written on."""

import ast
import re
import subprocess
from pathlib import Path

from tests.architecture import ladder
from tests.architecture.source import LMS, ROOT, modules, report

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "handler", "handlers", "tools", "stuff"}
SOURCES = ("lms", "tests", "tools", "migrations", "bench")
MOST_BYTES = 400_000

# One letter stands in brackets, so that this file does not complain about itself.
OF_ONE_MACHINE = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|(?<!emit-)[i]ndex-url|\"[r]esolved\": "
    r"|(?<![\w.])/[w]ork/|[s]hared/design|[f]arm-(?:studio|bench)|(?<![\w.])/[r]oot/\w"
)
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK|[N]otImplementedError|[l]orem ipsum|[f]or now|[s]tub)\b")
NOT_TEXT = {".png", ".woff2", ".ttf", ".xlsx", ".xls", ".zip", ".pdf", ".jpg", ".webp", ".docx", ".ico"}


def project_files() -> list[Path]:
    """Return what belongs to the project: what git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        ignored = {".venv", "node_modules", "build", "instance", "built", "fonts", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if not ignored & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file())


def test_module_names_say_what_is_in_them() -> None:
    complaints = [
        path.relative_to(ROOT).as_posix() for path in LMS.rglob("*.py") if VAGUE & set(path.relative_to(LMS).with_suffix("").parts)
    ]
    report("Names that say nothing", complaints, "name the module by what it does: a noun or -ing, such as attempts, issuing, rosters.")


def test_every_module_starts_with_a_sentence() -> None:
    complaints = []
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            if path.name == "__init__.py" and not text.strip():
                continue
            first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
            if not first.endswith((".", "?", "`", "!", ":")) or not first[0].isalpha():
                complaints.append(f"{path.relative_to(ROOT)}: {first[:60]!r}")
    report(
        "Modules without a sentence that says what is in them",
        complaints,
        'start the file with one line such as """Reading certificates."""',
    )


def test_public_classes_services_and_views_have_a_docstring() -> None:
    complaints = []
    for module in modules().values():
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_") or ast.get_docstring(node):
                continue
            if isinstance(node, ast.ClassDef) and _says_its_error(node):
                continue
            if isinstance(node, ast.FunctionDef) and ladder.floor(module.name) not in (ladder.WRITES, ladder.SHOWS):
                continue
            complaints.append(f"{module.place}:{node.lineno} {node.name}")
    report("Public names without a docstring", complaints, "say what it does, in which units, what it returns and raises; not how.")


def _says_its_error(node: ast.ClassDef) -> bool:
    """An error of our family carries its sentence as ``message`` and its name as ``code``."""
    assigned = {target.id for line in node.body if isinstance(line, ast.Assign) for target in line.targets if isinstance(target, ast.Name)}
    return bool({"code", "message"} & assigned)


def test_nothing_of_this_machine_is_in_the_project() -> None:
    complaints = []
    for path in project_files():
        if path.suffix in NOT_TEXT:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if found := OF_ONE_MACHINE.search(line):
                complaints.append(f"{path.relative_to(ROOT)}:{number} names {found.group()!r}")
    report(
        "Names of registries or of one machine",
        complaints,
        "leave servers and paths to the environment of whoever installs; for lock files run `make lock`.",
    )


def test_nothing_is_half_done() -> None:
    complaints = []
    for path in project_files():
        inside = path.relative_to(ROOT).parts[0] in ("lms", "tools", "frontend", "migrations", "bench", "tests")
        if not inside or path.suffix not in {".py", ".html", ".js", ".css", ".txt"}:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if found := UNFINISHED.search(line):
                complaints.append(f"{path.relative_to(ROOT)}:{number} says {found.group()!r}")
    report("Words that promise less than done", complaints, "finish it, or leave it out and say so in the closing note.")


def test_no_large_file_is_kept() -> None:
    complaints = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB" for path in project_files() if path.stat().st_size > MOST_BYTES
    ]
    report("Large files", complaints, "install or generate it instead of keeping it.")


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"\b(datetime|date)\.(now|today|utcnow)$|^time\.time$")
    complaints = [
        f"{module.place}:{node.lineno} {ast.unparse(node.func)}()"
        for module in modules().values()
        if module.name != "lms.core.clock"
        for node in module.nodes(ast.Call)
        if isinstance(node, ast.Call) and reading.search(ast.unparse(node.func))
    ]
    report(
        "Time read elsewhere than in core.clock",
        complaints,
        "call clock.now() or clock.today(), so that history and tests can choose the moment.",
    )

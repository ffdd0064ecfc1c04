"""Brings new texts of the code into each package's texts.vi.po, and says which are not translated.

Run as ``python -m tools.texts`` (all packages) or ``python -m tools.texts accounts``.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LMS = Path(__file__).parent.parent / "lms"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.svg", "jinja2")]
KEYWORDS = {"_": None, "lazy_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}
HEADER = """\
msgid ""
msgstr ""
"Language: vi\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def packages() -> list[Path]:
    """Return the package folders of the product."""
    return sorted(path.parent for path in LMS.glob("*/__init__.py"))


def extracted(package: Path) -> Catalog:
    """Return the texts that the code of a package holds; those of lms/*.py count to core."""
    catalog = Catalog(locale="vi", project="antoanso", charset="utf-8")
    found = extract_from_dir(package, METHODS, OPTIONS, keywords=KEYWORDS)
    for file, _line, message, comments, context in found:
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    if package.name == "core":
        for path in sorted(LMS.glob("*.py")):
            for _file, _line, message, _comments, context in extract_from_dir(path.parent, [(path.name, "python")], keywords=KEYWORDS):
                catalog.add(message, locations=[(f"../{path.name}", 0)], context=context)
    return catalog


def known(package: Path) -> Catalog:
    """Return the translations that a package has."""
    path = package / "texts.vi.po"
    if not path.exists():
        return Catalog(locale="vi")
    with path.open("rb") as file:
        return read_po(file, locale="vi")


def untranslated(package: Path) -> list[str]:
    """Return the texts of a package that have no Vietnamese yet."""
    have = known(package)
    missing = []
    for message in extracted(package):
        if not message.id:
            continue
        there = have.get(message.id, message.context)
        if there is None or there.fuzzy or not there.string or (isinstance(there.string, tuple) and not there.string[0]):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def update(package: Path) -> list[str]:
    """Write new texts into the package's file and drop those that are gone; return what lacks Vietnamese."""
    wanted, have = extracted(package), known(package)
    fresh = Catalog(locale="vi", project="antoanso", charset="utf-8", fuzzy=False)
    for message in wanted:
        if not message.id:
            continue
        there = have.get(message.id, message.context)
        fresh.add(
            message.id,
            there.string if there else None,
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    if len(fresh):
        # A header without dates: the file changes only when texts do.
        with (package / "texts.vi.po").open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, fresh, omit_header=True, sort_output=True, include_lineno=False, width=0)
    return untranslated(package)


def main() -> None:
    """Update the packages named, else all."""
    names = set(sys.argv[1:])
    for package in packages():
        if names and package.name not in names:
            continue
        missing = update(package)
        print(f"{package.name}: {len(missing)} texts without Vietnamese")
        for text in missing:
            print(f"  {text!r}")


if __name__ == "__main__":
    main()

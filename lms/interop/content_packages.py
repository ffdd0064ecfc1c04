"""IMS content packages: archives with a manifest that names the files of questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from lms.core import archives
from lms.core.archives import Archive, Limits
from lms.core.errors import LmsError
from lms.core.i18n import lazy_
from lms.interop import xml_files
from lms.interop.question_files import PLUGINFILE, Unreadable
from lms.interop.xml_files import Element, children, tag_of
from lms.quizzes.content import Problem, Severity

MANIFEST = "imsmanifest.xml"
LIMITS = Limits(total=200_000_000, entries=5_000)
_LARGEST_XML = 10_000_000
_LARGEST_FILE = 10_000_000
_FILE_BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILE_BASE$", "%24IMS-CC-FILEBASE%24", "%24IMS_CC_FILE_BASE%24")
_DOCUMENTS = (".xml", ".qti", ".dat")  # the last is how Blackboard calls them
_WEB_FOLDERS = ("", "web_resources", "Resources", "resources", "assets")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Resource:
    """One entry of the manifest; the paths are those in the archive, as far as they can be told."""

    identifier: str
    kind: str
    href: str
    files: tuple[str, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the XML files of the resource, that which it names first."""
        named = dict.fromkeys(filter(None, (self.href, *self.files)))
        return tuple(name for name in named if name.lower().endswith(_DOCUMENTS))


@dataclass
class Package:
    """A package that was looked through and found safe."""

    archive: Archive
    folder: str
    manifest: Element
    resources: tuple[Resource, ...]
    _by_lower: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_lower = {entry.name.lower(): entry.name for entry in self.archive.entries if not entry.is_folder}
        self._sizes = {entry.name: entry.size for entry in self.archive.entries}

    def xml(self, path: str) -> Element:
        """Return the root of a file.  Raises Unreadable, naming the file."""
        found = self.find("", path)
        if found is None:
            message = lazy_("The package names the file “{name}” but does not have it.", name=path)
            raise Unreadable(Problem(Severity.ERROR, message))
        if self._sizes[found] > _LARGEST_XML:
            message = lazy_("The file “{name}” of the package is too large.", name=path)
            raise Unreadable(Problem(Severity.ERROR, message))
        try:
            return xml_files.parse(self.archive.read(found))
        except Unreadable as error:
            message = lazy_("The file “{name}” of the package cannot be read. {reason}", name=path, reason=error.problem.message)
            raise Unreadable(Problem(Severity.ERROR, message, error.problem.position)) from error
        except LmsError as error:
            raise Unreadable(Problem(Severity.ERROR, error)) from error

    def bytes_of(self, path: str) -> bytes | None:
        """Return a file of a question, None when it is too large or damaged."""
        if self._sizes.get(path, _LARGEST_FILE + 1) > _LARGEST_FILE:
            return None
        try:
            return self.archive.read(path)
        except LmsError:
            return None

    def find(self, document: str, href: str) -> str | None:
        """Return the path in the archive of what a document links to, or of a path itself; None when it is not there."""
        for base in _FILE_BASES:
            href = href.replace(base, "")
        written = unquote(href.partition("#")[0].partition("?")[0]).strip().replace("\\", "/")
        beside = str(PurePosixPath(document).parent) if document else ""
        for folder in dict.fromkeys((beside, self.folder, *(_joined(self.folder, name) for name in _WEB_FOLDERS))):
            path = _joined("" if folder == "." else folder, written.lstrip("/"))
            if path and path.lower() in self._by_lower:
                return self._by_lower[path.lower()]
        ending = f"/{written.lstrip('./')}".lower()
        candidates = [name for lower, name in self._by_lower.items() if lower.endswith(ending)] if len(ending) > 1 else []
        # Some exporters name pictures from a folder that only they know.
        return candidates[0] if len(candidates) == 1 and "/" in ending[1:] else None

    def documents(self) -> Iterator[str]:
        """Yield all XML files of the archive but the manifest."""
        for name in self._by_lower.values():
            if name.lower().endswith(_DOCUMENTS) and PurePosixPath(name).name != MANIFEST:
                yield name


def is_archive(data: bytes) -> bool:
    """Say whether a file is an archive, be it a damaged one."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or b"PK\x05\x06" in data[-70_000:] and b"PK\x01\x02" in data


def open_package(data: bytes) -> Package:
    """Look through a package.  Raises Unreadable."""
    try:
        archive = archives.open_zip(data, LIMITS)
    except LmsError as error:
        raise Unreadable(Problem(Severity.ERROR, error)) from error
    names = [entry.name for entry in archive.entries if PurePosixPath(entry.name).name == MANIFEST]
    names = [name for name in names if name.count("/") <= 1 and not name.startswith("__MACOSX")]
    if not names:
        message = lazy_("This archive is no package of questions: it has no imsmanifest.xml.")
        raise Unreadable(Problem(Severity.ERROR, message))
    path = min(names, key=lambda name: name.count("/"))
    folder = path.removesuffix(MANIFEST).rstrip("/")
    try:
        manifest = xml_files.parse(archive.read(path))
    except Unreadable as error:
        message = lazy_("The file “{name}” of the package cannot be read. {reason}", name=path, reason=error.problem.message)
        raise Unreadable(Problem(Severity.ERROR, message, error.problem.position)) from error
    except LmsError as error:
        raise Unreadable(Problem(Severity.ERROR, error)) from error
    return Package(archive, folder, manifest, tuple(_resources(manifest, folder)))


def _resources(manifest: Element, folder: str) -> Iterator[Resource]:
    for holder in children(manifest, "resources"):
        base = _joined(folder, str(holder.get(_BASE) or ""))
        for element in children(holder, "resource"):
            own = _joined(base, str(element.get(_BASE) or ""))
            href = str(element.get("href") or "")
            yield Resource(
                identifier=str(element.get("identifier") or ""),
                kind=str(element.get("type") or ""),
                href=_joined(own, unquote(href)) if href else "",
                files=tuple(_joined(own, unquote(str(file.get("href") or ""))) for file in children(element, "file")),
            )


def _joined(folder: str, name: str) -> str:
    """Return the path of a file as the archive has it; "" when it would lead out of it."""
    parts: list[str] = []
    for part in f"{folder}/{name}".replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@dataclass
class Attachments:
    """The files that the texts of one question link to, under names of their own."""

    package: Package | None = None
    document: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _named: dict[str, str] = field(default_factory=dict)

    def link(self, href: str) -> str | None:
        """Keep a file; return the link to it for a text, None when it is not there."""
        path = self.package.find(self.document, href) if self.package else None
        data = self.package.bytes_of(path) if self.package and path else None
        if path is None or data is None:
            self.missing.append(unquote(href)[:200])
            return None
        if path not in self._named:
            self._named[path] = self._free(PurePosixPath(path).name)
            self.files[self._named[path]] = data
        return f"{PLUGINFILE}{quote(self._named[path])}"

    def _free(self, name: str) -> str:
        path, number, free = PurePosixPath(name), 2, name
        while free in self.files:
            free, number = f"{path.stem}-{number}{path.suffix}", number + 1
        return free


def tags_in(element: Element) -> list[str]:
    """Return the names of all elements inside."""
    return [tag_of(each) for each in element.iter() if isinstance(each.tag, str)]

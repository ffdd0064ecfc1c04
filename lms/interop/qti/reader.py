"""Reading QTI 2 and 3, items and packages, and reporting what cannot be read."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import content_packages, own_form, xml_files
from lms.interop.content_packages import Attachments, Package, Resource
from lms.interop.qti import choices, entries, gaps, items, naming, pairs, scoring, spots
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.scoring import Derived
from lms.interop.question_files import ReadResult, Unreadable
from lms.interop.xml_files import Element, line_of, tag_of
from lms.quizzes import formats
from lms.quizzes.bodies.writing import DescriptionBody
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts

ITEM, TEST, SECTION = "assessmentItem", "assessmentTest", "assessmentSection"
ITEM_3 = "qti-assessment-item"

_DERIVE: dict[str, Callable[[Item, Interaction], Derived]] = {
    "choice": choices.choice,
    "order": choices.order,
    "match": pairs.match,
    "gapMatch": gaps.drag,
    "hotspot": spots.hotspot,
    "selectPoint": spots.select_point,
    "textEntry": entries.text_entry,
    "extendedText": entries.extended_text,
    "upload": entries.upload,
}


def fits_2(data: bytes) -> bool:
    """Say whether a file looks like QTI 2: an item, or a package with one."""
    return _kind(data) == 2


def fits_3(data: bytes) -> bool:
    """Say whether a file looks like QTI 3: an item, or a package with one."""
    return _kind(data) == 3


def read(data: bytes | str, language: str = DEFAULT) -> ReadResult:
    """Read an item or a package; its texts are in ``language``.

    Nothing is raised: a file or an item that cannot be understood is a problem. A
    package of which the archive or the manifest is damaged gives no draft at all.
    ``found`` counts the interactions by their names in QTI 2, as an item may have
    several of them.
    """
    reading = _Reading(language)
    try:
        if isinstance(data, bytes) and content_packages.is_archive(data):
            reading.package(content_packages.open_package(data))
        else:
            reading.document(xml_files.parse(data))
    except Unreadable as error:
        return ReadResult(problems=(*reading.problems, error.problem))
    return reading.result()


def derive(root: Element, attachments: Attachments | None = None) -> tuple[Item, Derived]:
    """Return one item and the question that it makes.  Raises Unreadable, and Unsupported when there is no such type."""
    is_third = tag_of(root).startswith("qti-")
    item = items.read(naming.simplify(root), attachments or Attachments(), is_third=is_third)
    return item, question_of(item)


class Unsupported(Exception):
    """There is no type of ours for what an item asks; ``kind`` names it as ``found`` does, with + between several."""

    def __init__(self, kind: str, item: Item) -> None:
        super().__init__(kind)
        self.kind = kind
        self.item = item


def question_of(item: Item) -> Derived:
    """Return the question that an item makes.  Raises Unreadable, Unsupported."""
    kinds = [each.kind for each in item.interactions]
    if not kinds:
        if item.declared:
            item.warn(lazy_("The item declares an answer but asks for none; it is read as a text."))
        return Derived("description", DescriptionBody(), {}, 0.0)
    if kinds != ["textEntry"] and all(kind in items.IN_TEXT for kind in kinds):
        return gaps.embedded(item)
    if len(kinds) > 1 or kinds[0] not in _DERIVE:
        raise Unsupported("+".join(dict.fromkeys(kinds)), item)
    return _DERIVE[kinds[0]](item, item.interactions[0])


@dataclass
class _Reading:
    """One file, and what was found in it so far."""

    language: str
    drafts: list[QuestionDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    unsupported: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def result(self) -> ReadResult:
        return ReadResult(tuple(self.drafts), (), tuple(self.problems), dict(self.unsupported), dict(self.found), self.number)

    def document(self, root: Element) -> None:
        """Read a file that is one item."""
        name = naming.camel(tag_of(root).removeprefix("qti-"))
        if name == ITEM:
            self._item(root, Attachments())
            return
        if name in (TEST, SECTION):
            message = lazy_("This is a test without its items. Choose the package that it came in.")
        else:
            message = lazy_("This is XML, but no item of QTI: it begins with <{element}>.", element=tag_of(root))
        raise Unreadable(Problem(Severity.ERROR, message, line_of(root)))

    def package(self, package: Package) -> None:
        """Read all items of a package.  Raises Unreadable when there is none."""
        own = {
            resource.documents[0]: (text, resource)
            for resource in package.resources
            if resource.documents and (text := _own(package, resource))
        }
        for path in _item_paths(package, self.problems):
            try:
                root = package.xml(path)
            except Unreadable as error:
                self.problems.append(error.problem)
                continue
            if naming.camel(tag_of(root).removeprefix("qti-")) == ITEM:
                before = len(self.drafts), len(self.problems), self.unsupported.copy()
                self._item(root, Attachments(package, path))
                if path in own:
                    self._restore(package, own[path], before)
        if not self.number and not self.problems:
            raise Unreadable(Problem(Severity.ERROR, lazy_("There is no item of QTI in this package.")))

    def _restore(self, package: Package, own: tuple[str, Resource], before: tuple[int, int, Counter[str]]) -> None:
        """Take a question as we wrote it ourselves, unless the item was changed since."""
        text, resource = own
        drafts, problems, unsupported = before
        read_as = self.drafts[-1] if len(self.drafts) > drafts else None
        folder = PurePosixPath(resource.documents[0]).parent
        files = {
            str(PurePosixPath(path).relative_to(folder)): path for path in resource.files[1:] if PurePosixPath(path).is_relative_to(folder)
        }
        found = {name: data for name, path in files.items() if (data := package.bytes_of(package.find("", path) or "")) is not None}
        draft = own_form.read(text, read_as, found, position=read_as.position if read_as else 0)
        if draft is not None:
            self.drafts[drafts:] = [draft]
            self.problems[problems:] = []
            self.unsupported = unsupported

    def _item(self, root: Element, attachments: Attachments) -> None:
        self.number += 1
        is_third = tag_of(root).startswith("qti-")
        simple = naming.simplify(root)
        kinds = Counter(name.removesuffix("Interaction") for name in content_packages.tags_in(simple) if name.endswith("Interaction"))
        self.found += kinds
        try:
            item = items.read(simple, attachments, is_third=is_third)
            derived = question_of(item)
            scoring.check_keys(item, derived)
            items.finish(item)
        except Unreadable as error:
            self.problems.append(error.problem)
            return
        except Unsupported as error:
            for kind in error.kind.split("+"):
                self.unsupported[kind] += kinds[kind]
            message = lazy_("Questions of the type “{type}” cannot be used yet; this one was left out.", type=error.kind)
            self.problems.append(Problem(Severity.WARNING, message, line_of(root), item.name))
            return
        texts = {key: text for key, text in {"stem": item.stem, **derived.texts}.items() if text}
        draft = QuestionDraft(
            name=item.name,
            type=derived.type,
            body=derived.body,
            texts=Texts({self.language: texts}),
            formats=dict.fromkeys(texts, TextFormat.HTML),
            default_mark=round(derived.mark, 5),
            hidden=item.is_unfinished,
            files=attachments.files,
            position=item.position,
            warnings=tuple(item.warnings),
        )
        self.drafts.append(draft)
        self.problems += draft.warnings


def _own(package: Package, resource: Resource) -> str:
    """Return our own data about an item; "" when there are none."""
    item = PurePosixPath(resource.documents[0])
    for path in map(PurePosixPath, resource.files):
        if path.suffix == ".json" and path.parent == item.parent.parent / own_form.FOLDER:
            found = package.find("", str(path))
            return ((package.bytes_of(found) if found else None) or b"").decode(errors="replace")
    return ""


def _item_paths(package: Package, problems: list[Problem]) -> list[str]:
    """Return the files of the items in their order: those that the manifest names, and those that its tests name.

    Raises Unreadable when none of those in the manifest is there: then it is a manifest of something else.
    """
    named: list[str] = []
    tests: list[str] = []
    for resource in package.resources:
        if resource.kind.startswith("imsqti_item") or resource.kind.startswith("imsqti_apipitem"):
            named += resource.documents[:1] or [resource.href or resource.identifier]
        elif resource.kind.startswith(("imsqti_test", "imsqti_section", "imsqti_assessment")):
            tests += resource.documents[:1]
        elif not resource.kind.startswith("imsqti_"):
            tests += [path for path in resource.documents if _root_in(package, path) in (TEST, SECTION)]
            named += [path for path in resource.documents if _root_in(package, path) == ITEM]
    if named and not any(package.find("", path) for path in named):
        message = lazy_("The package names the file “{name}” but does not have it.", name=named[0])
        raise Unreadable(Problem(Severity.ERROR, message))
    for path in tests:
        named += [each for each in _of_test(package, path, problems) if each not in named]
    if not named:
        named = [path for path in package.documents() if _root_in(package, path) == ITEM]
    return list(dict.fromkeys(named))


def _of_test(package: Package, path: str, problems: list[Problem], depth: int = 0) -> Iterator[str]:
    """Yield the items that a test or a section names."""
    try:
        root = naming.simplify(package.xml(path))
    except Unreadable as error:
        problems.append(Problem(Severity.WARNING, error.problem.message, error.problem.position))
        return
    for each in root.iter("assessmentItemRef", "assessmentSectionRef"):
        href = unquote(str(each.get("href") or ""))
        target = package.find(path, href) or str(PurePosixPath(path).parent / href)
        if each.tag == "assessmentItemRef":
            yield target
        elif depth < 5:
            yield from _of_test(package, target, problems, depth + 1)


def _root_in(package: Package, path: str) -> str:
    found = package.find("", path)
    data = package.bytes_of(found) if found else None
    name = xml_files.root_of(formats.beginning(data)) if data else ""
    return naming.camel(name.removeprefix("qti-"))


def _kind(data: bytes) -> int:
    """Return the version of QTI that a file looks like; 0 when it is none of ours."""
    if not content_packages.is_archive(data):
        name = xml_files.root_of(formats.beginning(data))
        return 3 if name.startswith("qti-assessment-") else 2 if name in (ITEM, TEST, SECTION) else 0
    try:
        package = content_packages.open_package(data)
    except Unreadable:
        return 0
    kinds = " ".join(each.kind for each in package.resources)
    if "v3p0" in kinds or "imsqti_item_xmlv3" in kinds or "imsqtiasi_v3" in kinds:
        return 3
    if "imsqti_item" in kinds or "imsqti_test" in kinds or "imsqti_apip" in kinds:
        return 2
    return next((3 if name.startswith("qti-") else 2 for name in _roots(package) if naming.camel(name.removeprefix("qti-")) == ITEM), 0)


def _roots(package: Package) -> Iterator[str]:
    for path in package.documents():
        data = package.bytes_of(path)
        if data:
            yield xml_files.root_of(formats.beginning(data))

"""Reading QTI 1.2, files and packages, and reporting what cannot be read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import content_packages, question_files, xml_files
from lms.interop.content_packages import Attachments, Package
from lms.interop.qti import items as qti_items
from lms.interop.qti import scoring
from lms.interop.qti.scoring import Derived
from lms.interop.qti12 import items
from lms.interop.qti12.items import Reading, Unsupported
from lms.interop.question_files import ReadResult, Unreadable
from lms.interop.xml_files import Element, line_of, tag_of, text_of
from lms.quizzes import formats
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts

ROOT = "questestinterop"
_ROOTS = (ROOT, "item", "section", "assessment", "objectbank")


def fits(data: bytes) -> bool:
    """Say whether a file looks like QTI 1.2, or a package with such a file."""
    if not content_packages.is_archive(data):
        return xml_files.root_of(formats.beginning(data)) == ROOT
    try:
        package = content_packages.open_package(data)
    except Unreadable:
        return False
    return any(_root_in(package, path) == ROOT for path in package.documents())


def read(data: bytes | str, language: str = DEFAULT) -> ReadResult:
    """Read a file or a package; its texts are in ``language``.

    Nothing is raised: a file or an item that cannot be understood is a problem.
    ``found`` counts the items by the type that the file declares, and where it
    declares none by what they are made of.
    """
    reading = _File(language)
    try:
        if isinstance(data, bytes) and content_packages.is_archive(data):
            reading.package(content_packages.open_package(data))
        else:
            reading.document(xml_files.parse(data), Attachments)
    except Unreadable as error:
        return ReadResult(problems=(*reading.problems, error.problem))
    return reading.result()


@dataclass
class _File:
    """One file, and what was found in it so far."""

    language: str
    drafts: list[QuestionDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    unsupported: Counter[str] = field(default_factory=Counter)

    def result(self) -> ReadResult:
        return ReadResult(tuple(self.drafts), (), tuple(self.problems), dict(self.unsupported), dict(self.found))

    def package(self, package: Package) -> None:
        """Read all files of questions in a package.  Raises Unreadable when there is none."""
        named = [path for resource in package.resources for path in resource.documents if _root_in(package, path) == ROOT]
        lost = [
            resource.href or resource.identifier
            for resource in package.resources
            if resource.kind.startswith("imsqti_xml") and not any(package.find("", path) for path in resource.documents)
        ]
        for path in dict.fromkeys(named or [path for path in package.documents() if _root_in(package, path) == ROOT]):
            try:
                root = package.xml(path)
            except Unreadable as error:
                self.problems.append(error.problem)
                continue
            self.document(root, partial(Attachments, package, path))
        for path in lost:
            message = lazy_("The package names the file “{name}” but does not have it.", name=path)
            self.problems.append(Problem(Severity.ERROR, message))
        if not self.found and not self.problems:
            raise Unreadable(Problem(Severity.ERROR, lazy_("There is no file of QTI 1.2 in this package.")))

    def document(self, root: Element, attachments: Callable[[], Attachments]) -> None:
        """Read all items of a file.  Raises Unreadable when it is another kind of file."""
        for each in root.iter():
            if isinstance(each.tag, str):
                each.tag = tag_of(each)
        if tag_of(root) not in _ROOTS:
            message = lazy_("This is XML, but not QTI 1.2: it begins with <{element}>.", element=tag_of(root))
            raise Unreadable(Problem(Severity.ERROR, message, line_of(root)))
        for section in root.iter("section"):
            self._tell_of_draw(section)
        number = sum(self.found.values())
        for element in root.iter("item"):
            self._item(element, attachments())
        if sum(self.found.values()) == number:
            message = lazy_("There is no question in this file; it may name those of a bank that lies elsewhere.")
            self.problems.append(Problem(Severity.ERROR, message, line_of(root)))

    def _tell_of_draw(self, section: Element) -> None:
        number = text_of(section.find("selection_ordering/selection/selection_number"))
        if number and section.find("item") is not None:
            message = lazy_(
                "The section “{name}” draws {number} of its questions; all are read, the draw is not.",
                name=str(section.get("title") or ""),
                number=number,
            )
            self.problems.append(Problem(Severity.WARNING, message, line_of(section)))

    def _item(self, element: Element, attachments: Attachments) -> None:
        kind = items.declared_kind(element)
        self.found[kind] += 1
        try:
            reading = items.read(element, attachments)
            derived = items.derive(reading)
            scoring.check_keys(reading.item, derived)
            _finish(reading)
        except Unreadable as error:
            self.problems.append(error.problem)
        except Unsupported:
            self.unsupported[kind] += 1
            message = lazy_("Questions of the type “{type}” cannot be used yet; this one was left out.", type=kind)
            self.problems.append(Problem(Severity.WARNING, message, line_of(element), str(element.get("title") or "")))
        else:
            self._keep(reading, derived)

    def _keep(self, reading: Reading, derived: Derived) -> None:
        item = reading.item
        texts = {"stem": item.stem, **derived.texts, **items.named_feedback(reading, derived)}
        texts = {key: text for key, text in texts.items() if text}
        draft = QuestionDraft(
            name=item.name or question_files.name_from(item.stem, TextFormat.HTML, position=item.position),
            type=derived.type,
            body=derived.body,
            texts=Texts({self.language: texts}),
            formats=dict.fromkeys(texts, TextFormat.HTML),
            default_mark=items.mark_of(reading, derived),
            files=item.attachments.files,
            position=item.position,
            warnings=tuple(item.warnings),
        )
        self.drafts.append(draft)
        self.problems += draft.warnings


def _finish(reading: Reading) -> None:
    reading.item.body.warnings += reading.material.warnings
    qti_items.finish(reading.item)


def _root_in(package: Package, path: str) -> str:
    found = package.find("", path)
    data = package.bytes_of(found) if found else None
    return xml_files.root_of(formats.beginning(data)) if data else ""

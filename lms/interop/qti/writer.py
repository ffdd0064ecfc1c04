"""Writing packages of QTI 2.1 and 3: items, a manifest, and our own data beside what the standard has no place for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from lms.core.i18n import DEFAULT
from lms.interop import own_form, question_files
from lms.interop.qti import naming, reader, xhtml
from lms.interop.qti.item_writer import ItemWriter, title_number
from lms.interop.question_files import WriteResult
from lms.interop.xml_files import Element
from lms.quizzes.content import Problem, QuestionDraft, TextFormat, Texts
from lms.quizzes.drafting import as_html

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same questions make the same file
_HTML = (
    frozenset({"a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em"})
    | frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "q", "small", "span", "strong"})
    | frozenset({"abbr", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"})
)


@dataclass(frozen=True)
class Version:
    """The namespaces and words of one version."""

    namespace: str
    schema_location: str
    templates: str
    packaging: str
    schema: tuple[str, str]
    kind: str
    is_third: bool


VERSION_2 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema_location="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    templates="http://www.imsglobal.org/question/qti_v2p1/rptemplates",
    packaging="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema=("QTIv2.1 Package", "1.0.0"),
    kind="imsqti_item_xmlv2p1",
    is_third=False,
)
VERSION_3 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema_location="http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates",
    packaging="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema=("QTI Package", "3.0.0"),
    kind="imsqti_item_xmlv3p0",
    is_third=True,
)


def write(drafts: Iterable[QuestionDraft], *, language: str = DEFAULT, version: Version = VERSION_2) -> WriteResult:
    """Write the drafts, in this language, as a package.

    Each item is read again at once, so that the result tells what other programs
    will not find in it; our own data, in a file beside the item, keep that for us.  (The
    schema of a manifest of QTI 3 knows no elements but its own.)
    """
    files: dict[str, bytes] = {}
    resources: list[Element] = []
    problems: list[Problem] = []
    for place, draft in enumerate(drafts, start=1):
        folder = title_number(place)
        shown = _as_html(draft, language)
        item = {f"{folder}/item.xml": _item(shown, folder, language, version)}
        item |= {f"{folder}/{name}": data for name, data in draft.files.items() if ".." not in name.split("/") and not name.startswith("/")}
        resource = _resource(folder, list(item), version)
        read_as = _read_again(item, resource, language, version)
        problems += _losses(shown, read_as, language)
        own = f"{own_form.FOLDER}/{folder}.json"
        _add_file(resource, own)
        files |= item | {own: own_form.write(draft, read_as).encode()}
        resources.append(resource)
    return WriteResult(_package(files, resources, version), tuple(problems))


write_2 = partial(write, version=VERSION_2)
write_3 = partial(write, version=VERSION_3)


def _as_html(draft: QuestionDraft, language: str) -> QuestionDraft:
    """Return the draft with its texts in this language as HTML; those in others as they are."""
    texts = draft.texts.by_language.get(language, {})
    shown = {key: as_html(text, draft.formats.get(key, TextFormat.HTML)) for key, text in texts.items()}
    return replace(draft, texts=Texts({**draft.texts.by_language, language: shown}), formats={})


def _item(draft: QuestionDraft, identifier: str, language: str, version: Version) -> bytes:
    root = ItemWriter(draft, language, version.templates, version.is_third).element()
    root.set("identifier", identifier)
    root = _in_namespace(root, version)
    root.set(f"{{{_XSI}}}schemaLocation", version.schema_location)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _in_namespace(element: Element, version: Version) -> Element:
    """Return an item in the namespace of a version; in version 3 with its names, except those of HTML."""
    prefixes: Any = {None: version.namespace, "xsi": _XSI}
    made = etree.Element("root", nsmap=prefixes)
    _copy(element, made, version)
    root = made[0]
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xsi"])
    return root


def _copy(element: Element, parent: Element, version: Version) -> None:
    name = str(element.tag)
    is_own = name not in _HTML
    written = f"qti-{naming.kebab(name)}" if version.is_third and is_own else name
    made = etree.SubElement(parent, f"{{{version.namespace}}}{written}")
    for attribute, value in element.attrib.items():
        key = str(attribute)
        made.set(naming.kebab(key) if version.is_third and is_own and not key.startswith("{") else key, value)
    made.text, made.tail = element.text, element.tail
    for each in element:
        _copy(each, made, version)


def _resource(identifier: str, paths: list[str], version: Version) -> Element:
    resource = etree.Element(f"{{{version.packaging}}}resource")
    resource.set("identifier", identifier)
    resource.set("type", version.kind)
    resource.set("href", paths[0])
    for path in paths:
        _add_file(resource, path)
    return resource


def _add_file(resource: Element, path: str) -> None:
    etree.SubElement(resource, f"{{{etree.QName(resource).namespace}}}file").set("href", xhtml.href_of(path))


def _read_again(item: dict[str, bytes], resource: Element, language: str, version: Version) -> QuestionDraft | None:
    result = reader.read(_package(item, [resource], version), language)
    return result.drafts[0] if len(result.drafts) == 1 else None


def _losses(draft: QuestionDraft, read_as: QuestionDraft | None, language: str) -> tuple[Problem, ...]:
    if read_as is None:
        return question_files.left_out_elsewhere(draft)
    return question_files.losses(own_form.with_formats(draft), own_form.with_formats(read_as), language=language)


def _package(files: dict[str, bytes], resources: list[Element], version: Version) -> bytes:
    prefixes: Any = {None: version.packaging}
    root = etree.Element(f"{{{version.packaging}}}manifest", nsmap=prefixes)
    root.set("identifier", "questions")
    metadata = etree.SubElement(root, f"{{{version.packaging}}}metadata")
    for name, text in zip(("schema", "schemaversion"), version.schema, strict=True):
        etree.SubElement(metadata, f"{{{version.packaging}}}{name}").text = text
    etree.SubElement(root, f"{{{version.packaging}}}organizations")
    holder: Any = etree.SubElement(root, f"{{{version.packaging}}}resources")
    for resource in resources:
        holder.append(resource)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in {"imsmanifest.xml": etree.tostring(root, encoding="UTF-8", xml_declaration=True), **files}.items():
            archive.writestr(ZipInfo(name, _LONG_AGO), data, ZIP_DEFLATED)
    return buffer.getvalue()

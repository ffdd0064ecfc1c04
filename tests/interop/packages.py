"""Packages of questions, made by tests."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MANIFEST_2 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><metadata><schema>QTIv2.1 Package</schema></metadata><organizations/>
<resources>{resources}</resources></manifest>"""


def zipped(files: dict[str, str | bytes]) -> bytes:
    """Return an archive with these files, in this order."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def package_of(items: dict[str, str], *, kind: str = "imsqti_item_xmlv2p1", others: dict[str, str | bytes] | None = None) -> bytes:
    """Return a package of items, each in a file of its own, and other files."""
    resources = "".join(
        f'<resource identifier="R{number}" type="{kind}" href="{name}"><file href="{name}"/></resource>'
        for number, name in enumerate(items)
    )
    return zipped({"imsmanifest.xml": MANIFEST_2.format(resources=resources), **items, **(others or {})})


def choice_item(title: str, *, body: str = "<p>Câu hỏi?</p>", first: str = "Đáp án", feedback: str = "") -> str:
    """Return an item of QTI 2.1 with two choices of which the first is right."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="{title}" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse>
</responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>{body}<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>Chọn:</prompt>
<simpleChoice identifier="A">{first}</simpleChoice><simpleChoice identifier="B" fixed="true">Khác</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>{feedback}</assessmentItem>"""

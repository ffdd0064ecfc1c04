"""Interactions of QTI that no question of ours can be: each item that has one is left out, and said by name."""

import pytest

from lms.interop.qti import reader

FOREIGN = {
    "associate": ("associate", "simpleAssociableChoice", "pair"),
    "graphicOrder": ("graphic-order", "hotspotChoice", "identifier"),
    "graphicAssociate": ("graphic-associate", "associableHotspot", "pair"),
    "graphicGapMatch": ("graphic-gap-match", "gapImg", "directedPair"),
    "slider": ("slider", "", "integer"),
    "drawing": ("drawing", "", "file"),
    "hottext": ("hottext", "hottext", "identifier"),
    "custom": ("custom", "", "string"),
}


def item(version: int, kind: str) -> str:
    """One item with one interaction, as little as the standard asks for."""
    name, _choice, base = FOREIGN[kind]
    tag = f"{kind}Interaction" if version == 2 else f"qti-{name}-interaction"
    prefix = "" if version == 2 else "qti-"
    names = (
        ("assessmentItem", "responseDeclaration", "itemBody") if version == 2 else ("assessment-item", "response-declaration", "item-body")
    )
    namespace = "http://www.imsglobal.org/xsd/imsqti_v2p1" if version == 2 else "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    key, base_key = ("responseIdentifier", "baseType") if version == 2 else ("response-identifier", "base-type")
    root, declared, body = (f"{prefix}{each}" for each in names)
    return (
        f'<{root} xmlns="{namespace}" identifier="i1" title="Câu lạ" adaptive="false" timeDependent="false">'
        f'<{declared} identifier="RESPONSE" cardinality="multiple" {base_key}="{base}"/>'
        f'<{body}><p>Hãy làm.</p><{tag} {key}="RESPONSE"/></{body}></{root}>'
    )


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("kind", FOREIGN)
def test_an_item_of_a_kind_that_we_have_not_is_said_by_name(kind: str, version: int):
    result = reader.read(item(version, kind))

    assert (result.drafts, sum(result.found.values())) == ((), 1)
    assert [kind in name for name in result.unsupported] == [True]
    assert [(problem.question, kind in str(problem.message)) for problem in result.problems] == [("Câu lạ", True)]

"""Legal references: read, written in both languages, and refused when the register does not know them."""

import pytest

from lms.courses import law


def written(text: str, language: str) -> str:
    return law.register().reference(text).written(language).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("116/2025/QH15", "Luật 116/2025/QH15", "Law 116/2025/QH15"),
        ("116/2025/QH15 Đ42", "Điều 42, Luật 116/2025/QH15", "Article 42, Law 116/2025/QH15"),
        ("116/2025/QH15 Đ42.2", "Điều 42 khoản 2, Luật 116/2025/QH15", "Article 42 clause 2, Law 116/2025/QH15"),
        ("116/2025/QH15 Đ7.2.đ", "Điều 7 khoản 2 điểm đ, Luật 116/2025/QH15", "Article 7 clause 2 point đ, Law 116/2025/QH15"),
        (
            "330/2026/NĐ-CP Đ60.1.a",
            "Điều 60 khoản 1 điểm a, Nghị định 330/2026/NĐ-CP",
            "Article 60 clause 1 point a, Decree 330/2026/NĐ-CP",
        ),
        ("100/2015/QH13 Đ155", "Điều 155, Bộ luật 100/2015/QH13", "Article 155, Code 100/2015/QH13"),
    ],
)
def test_a_reference_is_written_out(text: str, vi: str, en: str) -> None:
    assert (written(text, "vi"), written(text, "en")) == (vi, en)


@pytest.mark.parametrize("text", ["999/2025/QH15", "116/2025/QH15 Điều 7", "116/2025/QH15 Đ7.2.g.1", "", "116/2025/QH15 Đ"])
def test_what_the_register_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(law.UnknownReferenceError):
        law.register().reference(text)


def test_long_names_of_laws_and_short_ones_of_decrees() -> None:
    instruments = law.register().instruments

    assert instruments["116/2025/QH15"].long("vi") == "Luật An ninh mạng số\u00a0116/2025/QH15"
    assert instruments["100/2015/QH13"].long("vi") == "Bộ luật Hình sự số\u00a0100/2015/QH13"
    assert instruments["330/2026/NĐ-CP"].long("vi") == "Nghị định\u00a0330/2026/NĐ-CP"


def test_places_sort_by_number_and_not_by_letter() -> None:
    texts = ["Đ10", "Đ9.4.d", "Đ9.4.đ", "Đ9", "Đ9.10", "Đ9.4.e"]
    references = [law.register().reference(f"116/2025/QH15 {text}") for text in texts]

    ordered = sorted(references, key=lambda each: each.order)

    assert [each.place("en").replace("\u00a0", " ") for each in ordered] == [
        "Article 9",
        "Article 9 clause 4 point d",
        "Article 9 clause 4 point đ",
        "Article 9 clause 4 point e",
        "Article 9 clause 10",
        "Article 10",
    ]

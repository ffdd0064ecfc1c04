"""Texts in two languages, with things to fill in and forms for numbers."""

from collections.abc import Iterator

import pytest

from lms.core import i18n
from lms.core.errors import LmsError, TooLarge
from lms.core.i18n import gettext, lazy_, localised, ngettext


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with i18n.in_language("vi"):
        yield


def test_a_text_comes_out_in_the_language_of_the_moment():
    assert gettext("Please sign in first.") != "Please sign in first."
    with i18n.in_language("en"):
        assert gettext("Please sign in first.") == "Please sign in first."


def test_an_unknown_text_stays_as_it_is():
    assert gettext("nobody wrote this in any page") == "nobody wrote this in any page"


def test_an_unknown_language_means_vietnamese():
    i18n.use("fr")
    assert i18n.language() == "vi"


def test_the_former_language_comes_back_after_a_block_that_failed():
    with pytest.raises(KeyError), i18n.in_language("en"):
        raise KeyError
    assert i18n.language() == "vi"


def test_values_are_filled_in_and_braces_in_them_mean_nothing():
    assert gettext("{name} of {unit}", name="{unit}", unit="THCS Sông Xanh") == "{unit} of THCS Sông Xanh"


def test_a_text_without_values_may_hold_braces():
    assert gettext("a {brace} alone") == "a {brace} alone"


def test_english_has_two_forms_and_vietnamese_one():
    with i18n.in_language("en"):
        assert [ngettext("{number} cat", "{number} cats", number) for number in (0, 1, 2)] == ["0 cats", "1 cat", "2 cats"]
    source = "One thing needs mending; everything else you typed is kept"
    several = "{number} things need mending; everything else you typed is kept"
    one, many = ngettext(source, several, 1), ngettext(source, several, 5)
    assert many == one.replace("1", "5")


def test_a_lazy_text_is_looked_up_when_it_is_shown():
    text = lazy_("Please sign in first.")
    vietnamese_text = str(text)
    with i18n.in_language("en"):
        assert (str(text), vietnamese_text == str(text)) == ("Please sign in first.", False)


def test_an_error_speaks_the_language_of_who_reads_it():
    error = TooLarge(limit=20)
    with i18n.in_language("en"):
        assert str(error) == "The file is too large. At most 20 MB can be taken."
    assert "20 MB" in str(error)
    assert issubclass(TooLarge, LmsError)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ({"vi": "Bài", "en": "Lesson"}, "Lesson"),
        ({"vi": "Bài"}, "Bài"),
        ({"vi": "Bài", "en": ""}, "Bài"),
        ({"fr": "Leçon"}, "Leçon"),
        ({}, ""),
        (None, ""),
    ],
)
def test_content_comes_in_the_language_asked_else_in_vietnamese_else_in_any(texts: dict[str, str] | None, shown: str):
    with i18n.in_language("en"):
        assert localised(texts) == shown


def test_content_can_be_asked_for_in_a_language_of_its_own():
    assert localised({"vi": "Bài", "en": "Lesson"}, "en") == "Lesson"

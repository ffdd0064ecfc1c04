"""Texts that scripts fill in: what stands in a data attribute keeps its {places}, in whatever language."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.core import i18n
from tests.cast import Cast
from tests.factories_files import make_file_attempt, slot_of_essay

# Attribute -> the places that files.js fills.
FILLED = {
    "sending": {"name"},
    "saved": {"name", "time"},
    "removed": {"name"},
    "waiting": {"name"},
    "too-large": {"name"},
    "full": {"name"},
    "refused": {"name"},
    "signed-out": {"name"},
    "hold": set(),
}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_texts_about_files_keep_the_places_that_a_script_fills(cast: Cast, sign_in: Callable[[str], FlaskClient], language: str) -> None:
    attempt = make_file_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    page = client.get(f"/attempts/{attempt.id}/{slot_of_essay(attempt)}?lang={language}").get_data(as_text=True)

    (place,) = re.findall(r"<div class=\"files\".*?>", page, re.S)
    found = {name: set(re.findall(r"\{(\w+)\}", text)) for name, text in re.findall(r'data-text-([a-z-]+)="([^"]*)"', place)}
    assert found == FILLED

"""What a discussion's settings say (pure)."""

from typing import Any

import pytest

from lms.discussions import settings
from lms.discussions.settings import WrongSettingsError
from tests.factories_talks import DISCUSSION


def test_what_is_read_is_written_again() -> None:
    for data in ({}, DISCUSSION, DISCUSSION | {"approve": True}):
        assert settings.written(settings.read(data)) == data


@pytest.mark.parametrize(
    "data",
    [{"more": 1}, {"prompt": "x"}, {"prompt": {"fr": "x"}}, {"prompt": {"vi": " "}}, {"prompt": {"vi": "x" * 1_001}}, {"approve": 1}],
)
def test_what_cannot_be_used_is_told(data: dict[str, Any]) -> None:
    with pytest.raises(WrongSettingsError):
        settings.read(data)

"""What the settings of a discussion say (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.i18n import LANGUAGES, gettext

LONGEST_PROMPT = 1_000


class WrongSettingsError(ValueError):
    """The settings of a discussion cannot be used; says why."""


@dataclass(frozen=True)
class Settings:
    """``prompt`` by language is what to write about; with ``approve`` a moderator looks before others do."""

    prompt: Mapping[str, str]
    approve: bool = False


def read(data: Mapping[str, Any]) -> Settings:
    """Read the settings of a discussion.  Raises WrongSettingsError."""
    for name in data:
        if name not in ("prompt", "approve"):
            raise WrongSettingsError(gettext("There is no setting “{name}” here. Names are {names}.", name=name, names="approve, prompt"))
    prompt, approve = data.get("prompt", {}), data.get("approve", False)
    if not isinstance(prompt, Mapping) or any(
        code not in LANGUAGES or not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_PROMPT for code, text in prompt.items()
    ):
        raise WrongSettingsError(gettext("prompt says in each language what to write about: {{vi: ..., en: ...}}."))
    if not isinstance(approve, bool):
        raise WrongSettingsError(gettext("approve is true or false."))
    return Settings({code: text.strip() for code, text in prompt.items()}, approve)


def written(settings: Settings) -> dict[str, Any]:
    """Return the settings that ``read`` reads."""
    return ({"prompt": dict(settings.prompt)} if settings.prompt else {}) | ({"approve": True} if settings.approve else {})

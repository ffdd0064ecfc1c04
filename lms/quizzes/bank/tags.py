"""Tags of questions: articles of law, and all other words; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LAW = "law "  # what the tag of an article of law begins with


@dataclass(frozen=True)
class Labels:
    """Articles of law as they are written ("116/2025/QH15 Đ7"), and the other tags."""

    laws: tuple[str, ...]
    words: tuple[str, ...]


def labels(tags: Sequence[str]) -> Labels:
    """Tell articles of law from other tags."""
    return Labels(
        tuple(tag.removeprefix(LAW) for tag in tags if tag.startswith(LAW)), tuple(tag for tag in tags if not tag.startswith(LAW))
    )

"""A step of a course: an activity in its place."""

from dataclasses import dataclass
from typing import Any

from lms.courses.availability import Condition
from lms.courses.completion import Rule


@dataclass(frozen=True)
class Step:
    """An activity in its place: ``number`` counts through the course from 1, ``label`` is "4.2"."""

    id: int
    key: str
    kind: str
    number: int
    label: str
    minutes: int
    required: bool
    title: dict[str, str]
    settings: dict[str, Any]
    rule: Rule  # when it is done
    available: Condition | None  # when it may be done; None: always
    hidden: bool  # until then not even its title is shown
    part_key: str

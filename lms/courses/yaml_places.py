"""Reading YAML with the line of every value, so that an error can point at it (pure)."""

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lms.core import unwritable

Way = tuple[str | int, ...]


class YamlError(ValueError):
    """The text is not YAML; ``line`` says where it stops being so."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Places:
    """Plain values, and the line of each by the way to it: ("sections", 0, "key")."""

    data: Any
    lines: dict[Way, int] = field(default_factory=dict)

    def line(self, *way: str | int) -> int:
        """Return the line of a value, or of the nearest thing around it."""
        for end in range(len(way), -1, -1):
            if way[:end] in self.lines:
                return self.lines[way[:end]]
        return 1


def read(text: str) -> Places:
    """Read a YAML text; raises YamlError."""
    try:
        # A safe loader makes plain values only; composing first gives the lines.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        places = Places(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        raise YamlError((error.problem_mark.line if error.problem_mark else 0) + 1, str(error.problem)) from error
    if node is not None:
        _walk(node, (), places.lines)
    return places


def _walk(node: Node, way: Way, lines: dict[Way, int]) -> None:
    lines[way] = node.start_mark.line + 1
    if isinstance(node, ScalarNode) and unwritable.is_in(node.value):
        raise YamlError(node.start_mark.line + 1, "there is a sign in it that cannot be kept, such as \\0")
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                _walk(value, (*way, key.value), lines)
                # The line of a name reads better than that of a long value below it.
                lines[(*way, key.value)] = key.start_mark.line + 1
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*way, index), lines)

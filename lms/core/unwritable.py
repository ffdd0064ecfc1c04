"""What JSON and YAML can say but no page can show and PostgreSQL cannot keep: NUL, and halves of letters (pure)."""

import re
from collections.abc import Mapping
from typing import Any

SIGNS = re.compile("[\x00\ud800-\udfff]")


def is_in(data: Any) -> bool:
    """Say whether such a sign stands anywhere in plain data, be it in a name or in a value."""
    if isinstance(data, str):
        return SIGNS.search(data) is not None
    if isinstance(data, Mapping):
        return any(is_in(each) for pair in data.items() for each in pair)
    return isinstance(data, list) and any(is_in(each) for each in data)

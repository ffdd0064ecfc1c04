"""How large a file is, as people write it."""

import pytest

from lms.core import formats


@pytest.mark.parametrize(
    ("size", "said"), [(300, "1 KB"), (307_200, "300 KB"), (2_097_152, "2 MB"), (2_621_440, "2,5 MB"), (10_485_760, "10 MB")]
)
def test_sizes_are_said_as_people_write_them(size: int, said: str) -> None:
    assert formats.file_size(size) == said

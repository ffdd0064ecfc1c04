"""Serial numbers and codes."""

from hypothesis import given
from hypothesis import strategies as st

from lms.certificates import serials


def test_a_serial_says_number_year_and_issuer():
    assert serials.serial(418, 2026, "SGDĐT").endswith("/2026/GCN-SGDĐT")
    assert serials.serial(418, 2026, "SGDĐT").startswith("0418-")


@given(st.integers(1, 99999), st.integers(2019, 2099))
def test_a_whole_serial_is_accepted_and_a_changed_digit_is_not(number, year):
    text = serials.serial(number, year, "SGDĐT")
    assert serials.serial_is_whole(text)
    head, rest = text.split("-", 1)
    changed = str((int(head[-1]) + 1) % 10)
    assert not serials.serial_is_whole(f"{head[:-1]}{changed}-{rest}")


def test_a_code_is_read_however_it_is_typed():
    code = serials.new_code()
    assert serials.read_code(code.lower().replace("-", " ")) == code
    assert serials.read_code("0io0 - l111-2222") == "0100-1111-2222"
    assert serials.read_code("<script>") is None
    assert serials.read_code(code + "A") is None

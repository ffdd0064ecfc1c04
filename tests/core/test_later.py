"""Functions that are loaded when they are first called."""

import gc
import subprocess
import sys

import pytest

from lms.core.later import later, load


def test_it_does_what_the_function_does() -> None:
    assert later("textwrap:shorten")("one two three", width=9) == "one [...]"


def test_nothing_is_loaded_before() -> None:
    script = "import sys; from lms.core.later import later; later('colorsys:rgb_to_hsv'); print('colorsys' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_is_collected_as_before(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        load("textwrap:shorten")
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()


def test_a_slip_of_the_pen_is_an_error() -> None:
    with pytest.raises(AttributeError):
        later("textwrap:nothing")()

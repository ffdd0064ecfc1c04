"""What the page of an author sends: a line for each question."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from lms.surveys import items
from lms.surveys.making import Line


def sent(form: MultiDict[str, str], languages: Sequence[str]) -> list[Line]:
    """Return the lines that a page sent, without the empty ones and those that are to go."""
    numbers = [each for each in form.getlist("line") if each.isascii() and each.isdigit()][: items.MOST_ITEMS + 1]
    made = [
        Line(
            form.get(f"{number}.key", "")[:40],
            form.get(f"{number}.kind", "scale"),
            {code: " ".join(form.get(f"{number}.text.{code}", "").split()) for code in languages},
            {code: form.get(f"{number}.options.{code}", "").replace("\r\n", "\n").strip() for code in languages},
        )
        for number in numbers
        if not form.get(f"{number}.out")
    ]
    return [each for each in made if not each.is_empty]

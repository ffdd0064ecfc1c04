"""What pages of quizzes and of the bank send."""

from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from lms.core import i18n
from lms.core.i18n import lazy_
from lms.quizzes import formats
from lms.quizzes.shape import WrongShape
from lms.web.forms import Form, LineField

_LONGEST_KEY = 64
AUTO = "auto"


@dataclass(frozen=True)
class SavedChange:
    """What autosave sends: an answer, or a flag; ``known`` is how many answers it knows to be saved."""

    slot: int
    key: str | None
    known: int = 0
    response: dict[str, Any] | None = None
    flagged: bool | None = None


def read_change(data: Any) -> SavedChange:
    """Read the JSON that autosave.js sends.  Raises WrongShape."""
    if not isinstance(data, dict):
        raise WrongShape("request", "an object is needed")
    slot, key, response, flagged = _count(data, "slot"), data.get("key"), data.get("response"), data.get("flagged")
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise WrongShape("key", f"a text of at most {_LONGEST_KEY} letters is needed")
    if isinstance(flagged, bool) and response is None:
        return SavedChange(slot, key, flagged=flagged)
    if not isinstance(response, dict):
        raise WrongShape("response", "an object is needed")
    # The sender counts the answer that it sends.
    return SavedChange(slot, key, known=_count(data, "sequence") - 1, response=response)


def _count(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000:
        return value
    raise WrongShape(name, "a number from 1 is needed")


class ImportForm(Form):
    """A file of questions, and where they go."""

    file = FileField(
        lazy_("File of questions"),
        [InputRequired(lazy_("Choose a file."))],
        description=lazy_("Moodle XML or GIFT, in UTF-8. Nothing changes before you have looked at the preview."),
    )
    format = SelectField(lazy_("Format"), default=AUTO)
    language = SelectField(lazy_("Language of the questions"), default=i18n.DEFAULT)
    unit = SelectField(lazy_("Bank of"), [InputRequired(lazy_("Choose whose bank the questions go to."))])
    category = LineField(
        lazy_("Category"),
        [Optional(), Length(max=200, message=lazy_("A category has at most 200 letters."))],
        description=lazy_("The file's own categories come under this one."),
    )

    def offer(self, units: dict[int, str]) -> None:
        """Say which formats, languages and units there are to choose from."""
        self.format.choices = {AUTO: str(lazy_("Find out by itself")), **{each.key: str(each.label) for each in formats.known()}}  # type: ignore[assignment]
        self.language.choices = dict(i18n.LANGUAGES)  # type: ignore[assignment]
        self.unit.choices = {str(unit_id): name for unit_id, name in units.items()}  # type: ignore[assignment]

"""What the page of an activity's files sends."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.core.i18n import lazy_
from lms.materials.settings import LONGEST_EDITION, LONGEST_VIDEO, USUAL_NEED
from lms.web.forms import Form, LineField


class DocumentForm(Form):
    """A document has nothing but its files."""

    roles: tuple[str, ...] = ("files",)

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "DocumentForm":
        """Return the form, filled with what was sent."""
        return cls.from_request()

    def values(self) -> dict[str, Any]:
        """Return what is kept besides the files."""
        return {}


class AcknowledgementForm(DocumentForm):
    """A document that is confirmed."""

    edition = LineField(
        lazy_("Which edition is confirmed"),
        [InputRequired(lazy_("Say which edition it is.")), Length(max=LONGEST_EDITION, message=lazy_("At most 80 letters."))],
        description=lazy_("As it stands on the document, such as: 2, of 01/09/2026."),
    )

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "AcknowledgementForm":
        return cls.from_request(data={"edition": settings.get("edition", "")})

    def values(self) -> dict[str, Any]:
        return {"edition": self.edition.data or ""}


class VideoForm(DocumentForm):
    """A video with its captions."""

    roles = ("files", "captions")

    seconds = IntegerField(
        lazy_("How long it runs, in seconds"),
        [Optional(), NumberRange(1, LONGEST_VIDEO, message=lazy_("Write a number of seconds, at most six hours."))],
        description=lazy_("Empty: as the file itself says (MP4)."),
    )
    need = IntegerField(
        lazy_("How much of it has to be watched, in per cent"),
        [InputRequired(lazy_("Write a number from 1 to 100.")), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))],
    )

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "VideoForm":
        need = round(100 * settings.get("need", USUAL_NEED))
        return cls.from_request(data={"seconds": settings.get("seconds") or None, "need": need})

    def values(self) -> dict[str, Any]:
        return {"seconds": self.seconds.data or 0, "need": (self.need.data or 100) / 100}

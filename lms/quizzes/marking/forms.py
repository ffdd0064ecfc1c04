"""What somebody sends who marks."""

from math import isfinite
from typing import Any

from flask import request
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.core.i18n import lazy_
from lms.quizzes.bodies.writing import Criterion
from lms.quizzes.marking import by_hand
from lms.web.forms import Form, LineField


class PointsField(StringField):
    """Points as people write them: 1,5 or 1.5."""

    def number(self) -> float | None:
        try:
            value = float((self.data or "").strip().replace(",", "."))
        except ValueError:
            return None
        return value if isfinite(value) else None


class MarkForm(Form):
    """A mark, by points or by the levels of a rubric, with a comment for the learner."""

    points = PointsField(lazy_("Points"), [Optional(), Length(max=20)])
    comment = TextAreaField(
        lazy_("Comment for the learner"),
        [Optional(), Length(max=by_hand.LONGEST_COMMENT, message=lazy_("A comment has at most 5,000 letters."))],
    )
    reason = LineField(lazy_("Why the mark changes"), [Optional(), Length(max=500, message=lazy_("A reason has at most 500 letters."))])

    def levels(self, rubric: tuple[Criterion, ...]) -> dict[str, str]:
        """Return the level that was chosen for each criterion."""
        sent = {each.key: request.form.get(f"level-{each.key}", "") for each in rubric}
        return {key: value for key, value in sent.items() if value}

    def validate_points(self, field: Any) -> None:
        if field.data and self.points.number() is None:
            raise ValueError(str(lazy_("Write the points as a number, such as 1.5.")))


class ReasonForm(Form):
    """Why marks change."""

    reason = LineField(
        lazy_("Why the marks change"),
        [InputRequired(lazy_("Say why the marks change.")), Length(max=500, message=lazy_("A reason has at most 500 letters."))],
    )

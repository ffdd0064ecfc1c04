"""The page on which an author says what a discussion is about."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from lms.core.db import session
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_
from lms.courses import kinds
from lms.courses.editing import drafts, rules
from lms.courses.editing import queries as courses
from lms.courses.models import Activity
from lms.discussions import settings
from lms.discussions.kind import DiscussionKind
from lms.discussions.settings import LONGEST_PROMPT, Settings
from lms.web.forms import Form
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("discussions_making", __name__, template_folder="templates")

AUTHORS = ("author", "administrator")


class PromptForm(Form):
    """What to write about, and whether a moderator looks first."""

    prompt_vi = TextAreaField(lazy_("What to write about, in Vietnamese"), [Optional(), Length(max=LONGEST_PROMPT)])
    prompt_en = TextAreaField(lazy_("What to write about, in English"), [Optional(), Length(max=LONGEST_PROMPT)])
    approve = BooleanField(lazy_("A moderator looks at each contribution before others see it"))

    def settings(self, languages: list[str]) -> Settings:
        """Return what was sent."""
        texts = {"vi": self.prompt_vi.data or "", "en": self.prompt_en.data or ""}
        return Settings({code: texts[code].strip() for code in languages if texts[code].strip()}, bool(self.approve.data))


@bp.route("/authoring/<slug>/activities/<key>/discussion", methods=["GET", "POST"])
@with_role(*AUTHORS)
def edit(slug: str, key: str) -> ResponseReturnValue:
    """Show what a discussion of a draft is about; on POST keep what was sent."""
    place = found(courses.place(slug))
    allow(rules.may_write(actor(), place.course))
    activity = found(courses.activity(found(place if place.is_draft else None).version, key))
    found(activity if activity.kind == DiscussionKind.key else None)
    known = settings.read(activity.settings)
    form = PromptForm.from_request(
        data={f"prompt_{code}": known.prompt.get(code, "") for code in ("vi", "en")} | {"approve": known.approve}
    )
    if form.accepted():
        version = drafts.locked(place.version.id)
        row = session.scalars(select(Activity).where(Activity.version_id == version.id, Activity.key == key)).one()
        row.settings = settings.written(form.settings(version.languages))
        drafts.note_change(version, "discussion_changed", by=actor().account_id, key=key)
        flash(_("Saved."), "done")
        return redirect(url_for("course_outline.outline", slug=slug, _anchor=f"activity-{activity.id}"))
    page = render_template("discussions/edit.html", place=place, activity=activity, kind=kinds.get(activity.kind), form=form)
    return page, 422 if form.errors else 200

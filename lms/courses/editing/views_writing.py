"""Pages of authors: writing a lesson with its preview, the frame of any activity, and seeing the course as a learner."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import i18n
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.courses import kinds
from lms.courses import outline as outlines
from lms.courses.editing import forms, lesson_fields, queries, rules, writing
from lms.courses.editing.drafts import ChangedMeanwhile
from lms.courses.editing.forms import ActivityForm
from lms.courses.editing.lesson_fields import LessonFields
from lms.courses.editing.queries import CoursePlace
from lms.courses.editing.writing import Looked, Written
from lms.courses.models import Activity
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("course_writing", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")


@bp.route("/authoring/<slug>/activities/<key>", methods=["GET", "POST"])
@with_role(*AUTHORS)
def activity(slug: str, key: str) -> ResponseReturnValue:
    """Write a lesson, or the frame of another activity; on POST keep it, or show how it will look."""
    place, row = _writable(slug, key)
    form = _form(row)
    if request.method == "GET":
        fields = {code: lesson_fields.split(writing.texts_of(row).get(code, "")) for code in place.version.languages}
        return _page(place, row, form, fields, known=writing.seal(row))
    fields = forms.lesson_fields(request.form, place.version.languages) if row.kind == "page" else {}
    known = request.form.get("known", "")
    act = request.form.get("act", "save")
    if act == "picture":
        return _with_picture(place, row, form, fields, known)
    if act != "save" or not form.validate():
        return _page(place, row, form, fields, known=known)
    return _saved(place, row, form, fields, known)


@bp.get("/authoring/<slug>/activities/<key>/look")
@with_role(*AUTHORS)
def look(slug: str, key: str) -> ResponseReturnValue:
    """Show a step of a course as a learner will see it; nothing is noted."""
    place = found(queries.place(slug))
    allow(rules.may_see(actor(), place.course))
    outline = outlines.outline(place.version.id)
    step = found(outline.step(key))
    language = i18n.language()
    row = found(queries.activity(place.version, key))
    return render_template(
        "courses/editing/look.html",
        place=place,
        step=step,
        kind=kinds.get(step.kind),
        workshop=kinds.get(step.kind).workshop(row),
        lesson=outlines.lesson(step, language) if step.kind == "page" else None,
        before=outline.before(step),
        after=outline.after(step),
        all_steps=len(outline.steps),
    )


def _saved(place: CoursePlace, row: Activity, form: ActivityForm, fields: dict[str, LessonFields], known: str) -> ResponseReturnValue:
    written = Written(
        title=form.title(place.version.languages),
        minutes=form.minutes.data or 1,
        required=bool(form.required.data),
        sources={code: lesson_fields.join(each, place.version.as_of) for code, each in fields.items()},
    )
    try:
        writing.save(place.version.id, row.key, written, known=known, by=actor().account_id)
    except ChangedMeanwhile:
        transactions.failed()
        found(queries.activity(place.version, row.key))
        said = _("Somebody else saved this page while you wrote. What you typed is below; saving once more puts it in place of theirs.")
        return _page(place, row, form, fields, known=writing.seal(row), said=said)
    except LmsError as error:
        transactions.failed()
        return _page(place, row, form, fields, known=known, said=str(error))
    problems = sum(len(each.problems) for each in _looked(place, row, fields).values())
    if problems:
        flash(_("Saved. There is something to mend before the course can be published: see below."), "soon")
        return redirect(url_for(".activity", slug=place.course.slug, key=row.key, _anchor="looked"))
    flash(_("Saved."), "done")
    return redirect(url_for("course_outline.outline", slug=place.course.slug, _anchor=f"activity-{row.id}"))


def _with_picture(
    place: CoursePlace, row: Activity, form: ActivityForm, fields: dict[str, LessonFields], known: str
) -> ResponseReturnValue:
    """Keep a picture and put it at the end of each text, with what it shows."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return _page(place, row, form, fields, known=known, said=_("Choose a file first."))
    said = {code: " ".join(request.form.get(f"shows.{code}", "").split()) for code in fields}
    if not all(said.values()):
        return _page(
            place, row, form, fields, known=known, said=_("Say in each language what the picture shows, for those who cannot see it.")
        )
    try:
        path = writing.add_picture(place.version.id, sent.filename, sent.read(), by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        return _page(place, row, form, fields, known=known, said=str(error))
    shown = {
        code: LessonFields(each.lead, each.outcomes, each.sources, f"{each.body}\n\n![{said[code]}]({path})\n".lstrip("\n"))
        for code, each in fields.items()
    }
    return _page(place, row, form, shown, known=known)


def _page(
    place: CoursePlace, row: Activity, form: ActivityForm, fields: dict[str, LessonFields], *, known: str, said: str = ""
) -> ResponseReturnValue:
    is_wrong = bool(form.errors or said)
    return (
        render_template(
            "courses/editing/activity.html",
            place=place,
            activity=row,
            kind=kinds.get(row.kind),
            workshop=kinds.get(row.kind).workshop(row),
            form=form,
            fields=fields,
            looked=_looked(place, row, fields),
            known=known,
            said=said,
        ),
        422 if is_wrong else 200,
    )


def _looked(place: CoursePlace, row: Activity, fields: dict[str, LessonFields]) -> dict[str, Looked]:
    as_of = place.version.as_of
    return {
        code: writing.look(lesson_fields.join(each, as_of), code, place.version, row.key).below(lesson_fields.head_lines(each, as_of))
        for code, each in fields.items()
        if not each.is_empty
    }


def _form(row: Activity) -> ActivityForm:
    titles = {f"title_{code}": row.title.get(code, "") for code in ("vi", "en")}
    return ActivityForm.from_request(data=titles | {"minutes": row.minutes, "required": row.required})


def _writable(slug: str, key: str) -> tuple[CoursePlace, Activity]:
    """Return an activity of a draft that one may change; NotFound when nobody changes it now."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    return found(place if place.is_draft else None), found(queries.activity(place.version, key))

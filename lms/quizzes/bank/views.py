"""Pages of authors: the question bank, and a question."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import i18n, imports
from lms.core.db import session
from lms.quizzes import queries as reads
from lms.quizzes import question_types, showing
from lms.quizzes.bank import importing, queries, rules
from lms.quizzes.models.bank import Category, Question
from lms.quizzes.review import Item
from lms.schools import access
from lms.web import asked
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank", __name__)

AUTHORS = ("author", "administrator")
PER_PAGE = 50


@bp.get("/questions")
@with_role(*AUTHORS)
def questions() -> ResponseReturnValue:
    """List the questions of the banks that one writes for, and those that everybody shares."""
    units = access.reach(access.units_granting(actor(), "import_questions"))
    allow(access.may_anywhere(actor(), "import_questions"))
    page, category_id = asked.page(), asked.number("category")
    words, type_key = request.args.get("words", "").strip()[:200], request.args.get("type", "")
    rows, total = queries.bank_rows(units, category_id=category_id, words=words, type_key=type_key, page=page, most=PER_PAGE)

    def at(number: int) -> str:
        return url_for(".questions", category=category_id, words=words or None, type=type_key or None, page=number)

    return render_template(
        "quizzes/questions.html",
        rows=rows,
        total=total,
        start=(page - 1) * PER_PAGE,
        categories=queries.categories(units),
        types=question_types.known(),
        type_label=question_types.label,
        category_id=category_id,
        words=words,
        type_key=type_key,
        imports=imports.history([importing.KIND], access.units_granting(actor(), "import_questions"), limit=10),
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if page * PER_PAGE < total else None,
    )


@bp.get("/questions/<int:question_id>")
@with_role(*AUTHORS)
def question(question_id: int) -> ResponseReturnValue:
    """Show a question as its learners see it, with the right answers; ``version`` chooses an older one."""
    row = found(session.get(Question, question_id))
    category = session.get_one(Category, row.category_id)
    allow(rules.may_see_category(actor(), category))
    number = request.args.get("version", row.versions[-1].number, type=int)
    version = found(next((each for each in row.versions if each.number == number), None))
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), reads.texts_of(version)
    looked = [
        (
            code,
            *showing.tell(
                question_type,
                body,
                texts,
                slot=1,
                order=[],
                response=question_type.right_answer(body),
                items=frozenset(Item),
                language=code,
            ),
        )
        for code in texts.languages
    ]
    return render_template(
        "quizzes/question.html",
        question=row,
        category=category,
        version=version,
        type_label=question_types.label(version.type),
        looked=looked,
        languages=i18n.LANGUAGES,
        problems=question_type.check(body, texts),
        laws=[showing.law_reference(tag.tag.removeprefix("law "), i18n.language()) for tag in row.tags if tag.tag.startswith("law ")],
        tags=[tag.tag for tag in row.tags if not tag.tag.startswith("law ")],
        used=queries.used_in(row.id),
    )

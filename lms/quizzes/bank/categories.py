"""Categories of the bank as a tree: made, renamed, described, moved, deleted when empty."""

from sqlalchemy import select

from lms.core import audit, imports
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.quizzes.models.bank import Category, Question
from lms.quizzes.queries import category_with_inner


class NameTaken(Invalid):
    code = "category_name_taken"
    message = lazy_("There is a category “{name}” at this place already.")


class NotEmpty(Conflict):
    code = "category_not_empty"
    message = lazy_("Only an empty category can be deleted: move its questions and the categories in it first.")


class IntoItself(Invalid):
    code = "category_into_itself"
    message = lazy_("A category cannot be moved into itself or into one below it.")


class OtherBank(Invalid):
    code = "category_of_another_bank"
    message = lazy_("A category stays in the bank of its unit. Move its questions instead.")


def make(*, unit_id: int, parent: Category | None, name: str, info: str = "", by: int | None) -> Category:
    """Make a category in the bank of a unit.  Raises NameTaken, OtherBank."""
    # Two authors would make the same one twice.
    imports.one_at_a_time()
    _check(unit_id, parent, name, None)
    category = Category(unit_id=unit_id, parent_id=parent.id if parent else None, name=name, info=info)
    session.add(category)
    session.flush()
    audit.record("category.made", f"category:{category.id}", account_id=by, name=name)
    return category


def change(category: Category, *, parent: Category | None, name: str, info: str, by: int | None) -> None:
    """Rename, describe or move a category.  Raises NameTaken, IntoItself, OtherBank."""
    imports.one_at_a_time()
    if parent is not None and parent.id in category_with_inner(category.id):
        raise IntoItself()
    _check(category.unit_id, parent, name, category.id)
    before = (category.name, category.parent_id)
    category.name, category.info, category.parent_id = name, info, parent.id if parent else None
    session.flush()
    if before != (category.name, category.parent_id):
        audit.record("category.changed", f"category:{category.id}", account_id=by, name=name, before=before[0])


def delete(category: Category, *, by: int | None) -> None:
    """Delete an empty category.  Raises NotEmpty."""
    imports.one_at_a_time()
    is_used = select(Question.id).where(Question.category_id == category.id).exists()
    is_parent = select(Category.id).where(Category.parent_id == category.id).exists()
    if session.scalar(select(is_used | is_parent)):
        raise NotEmpty()
    audit.record("category.deleted", f"category:{category.id}", account_id=by, name=category.name)
    session.delete(category)
    session.flush()


def _check(unit_id: int | None, parent: Category | None, name: str, own_id: int | None) -> None:
    if parent is not None and parent.unit_id != unit_id:
        raise OtherBank()
    twin = session.scalar(
        select(Category.id)
        .where(
            Category.unit_id == unit_id,
            Category.parent_id == parent.id if parent else Category.parent_id.is_(None),
            Category.name == name,
            Category.id != (own_id or 0),
        )
        .limit(1)
    )
    if twin is not None:
        raise NameTaken(name=name)

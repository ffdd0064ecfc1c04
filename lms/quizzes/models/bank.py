"""The question bank: categories, questions and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model


class Category(Model):
    """A drawer of the bank; belongs to a unit, or to everybody."""

    __tablename__ = "quizzes_category"
    __table_args__ = (Index("ix_quizzes_category_parent", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit.id"), index=True)  # none: built in
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes_category.id"))
    name: Mapped[str]
    info: Mapped[str] = mapped_column(default="")
    id_number: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)


class Question(Model):
    """A question through all its versions."""

    __tablename__ = "quizzes_question"
    __table_args__ = (UniqueConstraint("category_id", "id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("quizzes_category.id"), index=True)
    id_number: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)
    created_at: Mapped[datetime]

    versions: Mapped[list["QuestionVersion"]] = relationship(back_populates="question", order_by="QuestionVersion.number")
    tags: Mapped[list["QuestionTag"]] = relationship()


class QuestionVersion(Model):
    """One state of a question; attempts keep the one they were given."""

    __tablename__ = "quizzes_question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("state IN ('draft', 'ready', 'hidden')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="ready")
    type: Mapped[str]
    name: Mapped[str]
    default_mark: Mapped[float] = mapped_column(default=1.0)
    penalty: Mapped[float] = mapped_column(default=0.0)
    body: Mapped[dict[str, Any]]  # what has no language: keys, fractions, settings
    texts: Mapped[dict[str, Any]]  # language -> {"stem": html, "<key>": html, ...}
    content_hash: Mapped[str] = mapped_column(index=True)
    search_key: Mapped[str] = mapped_column(default="")  # name, id number and stems without tone marks
    by_account_id: Mapped[int | None]
    created_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="versions")


class QuestionTag(Model):
    """A word by which questions are found and drawn."""

    __tablename__ = "quizzes_question_tag"

    question_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class QuestionFile(Model):
    """A file in the texts of a version, which name it as ``@@PLUGINFILE@@/<name>``."""

    __tablename__ = "quizzes_question_file"

    version_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question_version.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("core_file.id"), index=True)

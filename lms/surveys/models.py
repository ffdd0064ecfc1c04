"""Answers without a name, and names without an answer: nothing joins the two."""

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class Sheet(Model):
    """What somebody answered.

    No person, no enrolment, no moment; its number is drawn at random, so that not even
    the order in which sheets came says whose one is.
    """

    __tablename__ = "surveys_sheet"
    __table_args__ = (Index("ix_surveys_sheet_activity", "course_id", "activity_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    activity_key: Mapped[str]
    answers: Mapped[dict[str, Any]]  # key of the question -> key, keys or words
    shown: Mapped[bool] = mapped_column(default=False, server_default=false())  # counted in results, which grow by whole groups


class Participation(Model):
    """That somebody took part, so that they do once; nothing of what they answered."""

    __tablename__ = "surveys_participation"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("learning_enrolment.id"))
    activity_key: Mapped[str]

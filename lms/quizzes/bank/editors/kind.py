"""What the editor of every question type can do."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from lms.quizzes.bank.editors.parts import Opening, Part, Rows, Sheet, Values
from lms.quizzes.bodies.every import Body

B = TypeVar("B", bound=Body)


class Editor(ABC, Generic[B]):
    """The form of one type.  Stem, marks, feedback, hints, tags and files are in the frame around it.

    ``parts`` are the fields in order; ``open`` writes a body into them, ``read``
    takes it out again.  Opening and reading give the same body, so that saving
    what nobody changed makes no new version.
    """

    key: ClassVar[str]
    parts: ClassVar[tuple[Part, ...]] = ()
    combined: ClassVar[bool] = False  # feedback for right, partly right and wrong answers
    hints: ClassVar[bool] = True
    stem_hint: ClassVar[object] = ""
    file_field: ClassVar[str] = "stem"  # the text that a chosen file goes to

    def start(self) -> Values:
        """Return the form of a new question."""
        return {f"{part.name}.count": str(part.start) for part in self.parts if isinstance(part, Rows)}

    @abstractmethod
    def open(self, body: B, form: Opening) -> None:
        """Write the body, and the texts that belong to it, into the form."""

    @abstractmethod
    def read(self, sheet: Sheet) -> B:
        """Return the body, without hints; texts and complaints are left with the sheet."""

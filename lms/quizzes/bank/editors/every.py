"""All editors by the type that they write."""

from collections.abc import Mapping
from typing import Any

from lms.quizzes.bank.editors.arranging import MatchingEditor, OrderingEditor
from lms.quizzes.bank.editors.choosing import MultipleChoiceEditor, SingleChoiceEditor, TrueFalseEditor
from lms.quizzes.bank.editors.gaps import ClozeEditor, DragWordsEditor, GapSelectEditor
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.messages import MessageEditor
from lms.quizzes.bank.editors.papers import DescriptionWriting, EssayWriting
from lms.quizzes.bank.editors.spots import HotSpotEditor
from lms.quizzes.bank.editors.typing import NumericalEditor, ShortAnswerEditor

EDITORS: Mapping[str, Editor[Any]] = {
    editor.key: editor
    for editor in (
        SingleChoiceEditor(),
        MultipleChoiceEditor(),
        TrueFalseEditor(),
        ShortAnswerEditor(),
        NumericalEditor(),
        MatchingEditor(),
        OrderingEditor(),
        HotSpotEditor(),
        MessageEditor(),
        ClozeEditor(),
        GapSelectEditor(),
        DragWordsEditor(),
        EssayWriting(),
        DescriptionWriting(),
    )
}

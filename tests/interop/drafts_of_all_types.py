"""Random questions of every type, with every setting that a body has."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as some

from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft, TextFormat, Texts
from lms.quizzes.shape import WrongShape
from tests.interop.drafts import FULL, LINE

_SHARE = some.sampled_from([0.0, 0.25, 0.5, 1.0])
_FRACTION = some.sampled_from([-1.0, -0.25, 0.0, 0.3333333, 0.5, 1.0])


class _Maker:
    """Draws values for the fields of a body; every key is another."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.keys: list[str] = []

    def body(self, wanted: Any) -> Any:
        hints = get_type_hints(wanted)
        return wanted(**{each.name: self.value(each.name, hints[each.name]) for each in fields(wanted)})

    def value(self, name: str, wanted: Any) -> Any:
        if get_origin(wanted) in (Union, UnionType):
            inner = next(each for each in get_args(wanted) if each is not NoneType)
            return self.value(name, inner) if self.draw(some.booleans()) else None
        if get_origin(wanted) is tuple:
            least, most = (0, 2) if name in ("hints", "units") else (2, 4)
            if get_args(wanted)[0] is float:
                return tuple(float(self.draw(some.integers(0, 99))) for _ in range(self.draw(some.sampled_from([3, 4]))))
            return tuple(self.value(name, get_args(wanted)[0]) for _ in range(self.draw(some.integers(least, most))))
        if is_dataclass(wanted):
            return self.body(wanted)
        return self.scalar(name, wanted)

    def scalar(self, name: str, wanted: Any) -> Any:
        if wanted is str and name in ("key", "answers"):
            self.keys.append(f"{'x' if name == 'answers' else 'k'}{len(self.keys)}")
            return self.keys[-1]
        if wanted is str:
            return self.draw(LINE) if name in ("pattern", "symbol") else ""
        if wanted is bool:
            return self.draw(some.booleans())
        if wanted is Decimal:
            return abs(self.draw(some.decimals(0, 999, places=2, allow_nan=False)))
        if wanted is float:
            return self.draw(_FRACTION if name == "fraction" else _SHARE)
        if wanted is int:
            return self.draw(some.integers(1, 9))
        assert issubclass(wanted, StrEnum)
        return self.draw(some.sampled_from(wanted))


def _referring(kind: str, body: Any) -> Any:
    """Let what names a key name one that is there."""
    data = every.body_to_json(body)
    if kind == "matching":
        for index, pair in enumerate(data["pairs"]):
            pair["answer"] = data["answers"][index % len(data["answers"])]
    if kind in ("gap_select", "drag_words"):
        for index, gap in enumerate(data["gaps"]):
            gap["word"] = data["words"][index % len(data["words"])]["key"]
    return every.body_from_json(kind, data)


@some.composite
def drafts_of_all_types(draw: Any, kinds: tuple[str, ...] = tuple(every.BODIES)) -> QuestionDraft:
    """Return a question of any type, in one or two languages, with a file now and then."""
    kind = draw(some.sampled_from(kinds))
    maker = _Maker(draw)
    try:
        body = _referring(kind, maker.body(every.BODIES[kind]))
    except WrongShape as error:
        raise AssertionError(error) from error
    keys = list(every.keys_of(body))
    texts: dict[str, dict[str, str]] = {}
    for language in draw(some.sampled_from([("vi",), ("vi", "en")])):
        texts[language] = {"stem": draw(FULL), **{key: draw(FULL) for key in keys}}
        more = ["feedback", "feedback.right", "feedback.wrong", "hint.1", *(f"{key}.feedback" for key in keys)]
        texts[language] |= {key: draw(FULL) for key in draw(some.lists(some.sampled_from(more), max_size=3))}
    written = sorted({key for of_one in texts.values() for key in of_one})
    return QuestionDraft(
        name=draw(LINE),
        type=kind,
        body=body,
        texts=Texts(texts),
        formats={key: draw(some.sampled_from(TextFormat)) for key in written},
        category=draw(some.sampled_from([(), ("An toàn", "Ảnh / video")])),
        tags=tuple(draw(some.lists(some.sampled_from(["lớp 6", "a]b"]), unique=True, max_size=2))),
        id_number=draw(some.sampled_from(["", "q-1"])),
        default_mark=draw(some.sampled_from([0.0, 1.0, 2.5])),
        penalty=draw(some.sampled_from([0.0, 0.3333333])),
        hidden=draw(some.booleans()),
        files=draw(some.sampled_from([{}, {"hình 1.png": b"\x89PNG"}, {"a/b.txt": b"x"}])),
    )

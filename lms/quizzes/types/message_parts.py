"""Where the parts of a message stand in its texts: ``[[key]]`` marks the place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from lms.core import html
from lms.core.i18n import gettext
from lms.quizzes.bodies.messages import Look, MessageBody, MessageKind, MessagePart
from lms.quizzes.content import Texts
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, Sketch

# The places of a message in the order in which its reader meets them, each a text of its own.
PLACES = ("sender", "address", "recipient", "date", "subject", "url", "lock", "body")
MARK = re.compile(r"\[\[([a-z0-9]{1,12})\]\]")
_HEADING = re.compile(r"<(/?)h[2-6]>")


@dataclass(frozen=True)
class Piece:
    """A stretch of a message: plain HTML, or, with a key, a part that can be marked.

    ``state`` of a review: found, missed, alarm, fine; "" when it is not told.
    ``number`` counts the parts that there is something to say about.
    """

    html: Markup
    key: str = ""
    look: Look = Look.PHRASE
    target: str = ""
    plain: str = ""
    marked: bool = False
    state: str = ""
    number: int = 0
    feedback: Markup = Markup("")


@dataclass(frozen=True)
class DecisionShown:
    """One thing to do."""

    key: str
    html: Markup
    checked: bool
    state: str
    feedback: Markup


@dataclass(frozen=True)
class MessageSketch(Sketch):
    """The message as its reader would see it; ``places`` hold the pieces of each header line and of the body."""

    kind: str
    places: dict[str, tuple[Piece, ...]]
    attachments: tuple[Piece, ...]
    decisions: tuple[DecisionShown, ...]
    question: Markup
    initial: str
    secure: bool
    reveals: bool
    marked: int

    shows_right_answer = True

    @property
    def noted(self) -> list[Piece]:
        """Return the parts that there is something to say about, in the order of reading."""
        pieces = [piece for place in PLACES for piece in self.places[place]] + list(self.attachments)
        return [piece for piece in pieces if piece.number]


def keys_in(text: str) -> list[str]:
    """Return the keys of the parts that stand in a text, in order; a key may be there twice."""
    return MARK.findall(text)


def placed(texts: Texts, language: str) -> list[str]:
    """Return the keys that stand anywhere in the message in this language."""
    return [key for place in PLACES for key in keys_in(texts.by_language[language].get(f"message.{place}", ""))]


def plain(texts: Texts, part: MessagePart, language: str) -> str:
    return wording.plain(texts.of(part.key, language))


def sketch(body: MessageBody, drawing: Drawing) -> MessageSketch:
    """Return the message with the parts marked so far, and as much of the truth as the drawing may tell."""
    hand = _Hand(body, drawing)
    places = {place: tuple(hand.pieces(place)) for place in PLACES}
    attachments = tuple(hand.piece(part) for part in body.parts if part.look is Look.ATTACHMENT and part.key not in hand.seen)
    chosen = drawing.response.get("decision")
    decisions = tuple(
        DecisionShown(key, drawing.inline(key), key == chosen, _decision_state(body, drawing, key), drawing.feedback(key))
        for key in drawing.in_order([decision.key for decision in body.decisions])
    )
    sender = "".join(piece.plain for piece in places["sender"])
    address = "".join(piece.plain for piece in places["url"]).strip()
    return MessageSketch(
        stem=drawing.html("stem"),
        kind=body.kind,
        places=places,
        attachments=attachments,
        decisions=decisions,
        question=drawing.inline("message.ask"),
        initial=next((letter for letter in sender if letter.isalnum()), "").upper(),
        secure=address.lower().startswith("https:"),
        reveals=drawing.reveals,
        marked=sum(part.key in hand.marks for part in body.parts),
    )


def _decision_state(body: MessageBody, drawing: Drawing, key: str) -> str:
    if state := drawing.state(key):
        return state
    best = max((decision.fraction for decision in body.decisions), default=0.0)
    is_best = any(decision.key == key and decision.fraction == best > 0 for decision in body.decisions)
    return "best" if drawing.reveals and is_best else ""


class _Hand:
    """Draws the parts of one message, each once, and counts those that there is something to say about."""

    def __init__(self, body: MessageBody, drawing: Drawing) -> None:
        self.drawing, self.kind = drawing, body.kind
        self.parts = {part.key: part for part in body.parts}
        self.marks = set(drawing.response.get("marks", ()))
        self.seen: set[str] = set()
        self.numbered = 0

    def pieces(self, place: str) -> Iterator[Piece]:
        text = _safe(self.drawing.texts.of(f"message.{place}", self.drawing.language), place, self.kind)
        end = 0
        for found in MARK.finditer(text):
            if found[1] not in self.parts or found[1] in self.seen:
                continue
            yield from _words(text[end : found.start()])
            yield self.piece(self.parts[found[1]])
            end = found.end()
        yield from _words(text[end:])

    def piece(self, part: MessagePart) -> Piece:
        self.seen.add(part.key)
        drawing, marked = self.drawing, part.key in self.marks
        state = _state(part, drawing, marked=marked)
        feedback = drawing.html(f"{part.key}.feedback") if state == "missed" else drawing.feedback(part.key)
        if state in ("found", "missed", "alarm") or feedback:
            self.numbered += 1
        shown = wording.plain(drawing.texts.of(part.key, drawing.language))
        return Piece(
            html=Markup.escape(shown),
            key=part.key,
            look=part.look,
            target=wording.plain(drawing.texts.of(f"{part.key}.target", drawing.language)),
            plain=shown,
            marked=marked,
            state=state,
            number=self.numbered if state in ("found", "missed", "alarm") or feedback else 0,
            feedback=feedback,
        )


def _state(part: MessagePart, drawing: Drawing, *, marked: bool) -> str:
    if marked:
        return {"right": "found", "wrong": "alarm"}.get(drawing.state(part.key), "")
    if not drawing.reveals:
        return ""
    return "missed" if part.sign else "fine"


def _words(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(Markup(text), plain=wording.plain(text))


def _safe(text: str, place: str, kind: MessageKind) -> str:
    """Return the text with nothing to follow or to fetch in it; a header line is one line without tags."""
    if place != "body":
        return str(Markup.escape(wording.plain(text)))
    # Parts hold a block that says where they lead, which no paragraph can hold.
    flat = html.without_links(text).replace("<p>", '<div class="para">').replace("</p>", "</div>")
    # A heading of the message is none of our page: there it only looks like one.
    flat = _HEADING.sub(lambda found: "</div>" if found[1] else '<div class="stamp">', flat)
    if kind in (MessageKind.SMS, MessageKind.CHAT):
        # What is quoted there is the reader's own side of the talk, which is else seen by its place alone.
        flat = flat.replace("<blockquote>", f'<blockquote><span class="visually-hidden">{Markup.escape(gettext("You wrote:"))} </span>')
    return flat

"""The body of message inspection: what in an e-mail, a text message, a chat or a web page is a sign of fraud, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint


class MessageKind(StrEnum):
    """How the message reaches its reader, and so in what frame it is shown."""

    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    WEB = "web"


class Look(StrEnum):
    """What an inspectable part of a message looks like."""

    PHRASE = "phrase"
    LINK = "link"
    BUTTON = "button"  # a link that looks like a button
    FIELD = "field"  # of a web page, where something is to be typed in
    ATTACHMENT = "attachment"


# Their text ``<key>.target`` says where they lead.
LEADING = frozenset({Look.LINK, Look.BUTTON})


@dataclass(frozen=True)
class MessagePart:
    """Something that the learner can mark; ``weight`` is what finding it is worth, beside the other signs."""

    key: str
    sign: bool = False  # a sign of fraud; else harmless, and marking it is a false alarm
    look: Look = Look.PHRASE
    weight: float = 1.0


@dataclass(frozen=True)
class Decision:
    """Something that the learner can do; ``fraction`` is 0.0 to 1.0 of what the decision is worth."""

    key: str
    fraction: float = 0.0


@dataclass(frozen=True)
class MessageBody:
    """A message with parts to look at and decisions to choose from.

    Where the parts stand is said by the texts, which hold ``[[key]]`` at that place:
    ``message.sender``, ``message.address``, ``message.recipient``, ``message.date``,
    ``message.subject``, ``message.url``, ``message.lock`` and ``message.body``.
    ``message.ask`` is the question above the decisions.

    The fraction of the mark is, with F = weight of the signs found / weight of all signs,
    A = alarm_cost * false alarms / number of signs, and D = fraction of the decision:

        signs_share * max(F - A, 0) + (1 - signs_share) * D

    A genuine message has no signs, and the decision earns everything; then
    A = alarm_cost * false alarms / number of parts, and the fraction is max(D - A, 0).
    """

    kind: MessageKind
    parts: tuple[MessagePart, ...]  # sorted by key, because their order is another in each language
    decisions: tuple[Decision, ...]
    signs_share: float = 0.6
    alarm_cost: float = 0.5
    shuffle: bool = True  # the decisions
    show_count: bool = False
    hints: tuple[Hint, ...] = ()

"""Inspect a message: mark what is suspicious in it, and decide what to do."""

from collections import Counter
from collections.abc import Mapping
from html import escape
from random import Random
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.messages import LEADING, Look, MessageBody, MessageKind
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.types import message_parts, wording
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.kind import DELETED, QuestionType, check_texts, error, many_texts, one_text, shuffled, warning
from lms.quizzes.types.message_parts import MessageSketch


class MessageInspection(QuestionType[MessageBody]):
    """Response: ``{"marks": ["a", "c"], "decision": "call"}``; marks sorted, what was not answered is not there."""

    key = "message_inspection"
    label = lazy_("Message inspection")

    def check(self, body: MessageBody, texts: Texts) -> list[Problem]:
        keys = [part.key for part in body.parts] + [decision.key for decision in body.decisions]
        targets = [f"{part.key}.target" for part in body.parts if part.look in LEADING]
        needed = ["message.body", *(["message.url"] if body.kind is MessageKind.WEB else ["message.sender"])]
        problems = check_texts(texts, *needed, *keys, *targets)
        problems += self._check_worth(body)
        for key in sorted(set(keys) & set(Look)):
            problems.append(error(lazy_("“{key}” cannot be a key: it is the name of a look.", key=key)))
        for language in texts.languages:
            problems += self._check_places(body, texts, language)
        for key in keys:
            if not any(texts.in_all(f"{key}.feedback")):
                problems.append(
                    warning(lazy_("Nothing is said about “{key}” afterwards: write why it is a sign, or why it is fine.", key=key))
                )
        return problems

    def _check_worth(self, body: MessageBody) -> list[Problem]:
        problems = []
        if not body.parts:
            problems.append(error(lazy_("There is nothing to mark in this message.")))
        if len(body.decisions) < 2:
            problems.append(error(lazy_("There must be at least two things to do to choose from.")))
        elif max(decision.fraction for decision in body.decisions) < 1.0:
            problems.append(error(lazy_("One decision must be worth 100 %.")))
        if any(not 0.0 <= decision.fraction <= 1.0 for decision in body.decisions):
            problems.append(error(lazy_("A decision is worth between 0 % and 100 %.")))
        if not (0.0 <= body.signs_share <= 1.0 and 0.0 <= body.alarm_cost <= 1.0):
            problems.append(error(lazy_("The share of the signs and the cost of a false alarm are between 0 % and 100 %.")))
        if any(not 0.0 < part.weight <= 100.0 for part in body.parts):
            problems.append(error(lazy_("The weight of a part is more than 0 and at most 100.")))
        if body.parts and (all(part.sign for part in body.parts) or body.alarm_cost <= 0):
            problems.append(
                warning(lazy_("Somebody who marks everything loses nothing. Add harmless parts, and let a false alarm cost something."))
            )
        return problems

    def _check_places(self, body: MessageBody, texts: Texts, language: str) -> list[Problem]:
        known = {part.key: part for part in body.parts}
        times = Counter(message_parts.placed(texts, language))
        if not times:
            # A language that is not there at all is told by check_texts.
            return []
        problems = []
        for key, part in known.items():
            if not times[key] and part.look is not Look.ATTACHMENT:
                problems.append(error(lazy_("The part “{key}” stands nowhere in the message ({language}).", key=key, language=language)))
            elif times[key] > 1:
                problems.append(error(lazy_("The part “{key}” stands in the message twice ({language}).", key=key, language=language)))
        for key in sorted(set(times) - set(known)):
            problems.append(error(lazy_("The message marks “{key}”, but there is no such part ({language}).", key=key, language=language)))
        return problems

    def tidy(self, body: MessageBody, texts: Texts) -> tuple[MessageBody, Texts]:
        """Keep parts, targets and header lines as plain text, which is all that is ever shown of them."""
        single = {f"message.{place}" for place in message_parts.PLACES if place != "body"}
        single |= {key for part in body.parts for key in (part.key, f"{part.key}.target")}
        tidied = {
            language: {key: escape(wording.plain(text), quote=False) if key in single else text for key, text in of_one.items()}
            for language, of_one in texts.by_language.items()
        }
        return body, Texts(tidied)

    def trouble(self, body: MessageBody, response: Response) -> LazyText | None:
        if response and "decision" not in response:
            return lazy_("Please choose what to do.")
        return None

    def grade(self, body: MessageBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        marks = set(response.get("marks", ()))
        signs = [part for part in body.parts if part.sign]
        found = sum(part.weight for part in signs if part.key in marks)
        # A part that is gone from the message was no sign.
        alarms = len(marks - {part.key for part in signs})
        decided = next((each.fraction for each in body.decisions if each.key == response.get("decision")), 0.0)
        cost = body.alarm_cost * alarms / (len(signs) or len(body.parts) or 1)
        if signs:
            share = max(found / sum(part.weight for part in signs) - cost, 0.0)
            fraction = body.signs_share * share + (1 - body.signs_share) * decided
        else:
            fraction = max(decided - cost, 0.0)
        parts = {part.key: GradeState.RIGHT if part.sign else GradeState.WRONG for part in body.parts if part.key in marks}
        parts |= {each.key: grading.state_of(each.fraction) for each in body.decisions if each.key == response.get("decision")}
        return grading.grade(min(max(fraction, 0.0), 1.0), parts)

    def count_right(self, body: MessageBody, response: Response) -> tuple[int, int] | None:
        """Return the signs found and, when it is the best, the decision; nothing when more is marked than there are signs."""
        marks, signs = set(response.get("marks", ())), {part.key for part in body.parts if part.sign}
        if len(marks) > len(signs):
            return None
        return len(marks & signs) + self._decided_best(body, response), len(signs) + 1

    def without_wrong(self, body: MessageBody, response: Response) -> Response:
        """Take the false alarms away, and a decision that is not the best."""
        signs = {part.key for part in body.parts if part.sign}
        marks = [key for key in response.get("marks", ()) if key in signs]
        decision = {"decision": response["decision"]} if self._decided_best(body, response) else {}
        return ({"marks": marks} if marks else {}) | decision

    def _decided_best(self, body: MessageBody, response: Response) -> bool:
        return any(each.key == response.get("decision") and each.fraction == 1.0 for each in body.decisions)

    def right_answer(self, body: MessageBody) -> Response:
        best = max(body.decisions, key=lambda decision: decision.fraction)
        marks = sorted(part.key for part in body.parts if part.sign)
        return ({"marks": marks} if marks else {}) | {"decision": best.key}

    def describe(self, body: MessageBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        marks = set(response.get("marks", ()))
        named = [f"“{message_parts.plain(texts, part, language)}”" for part in body.parts if part.key in marks]
        named += [str(DELETED) for _ in marks - {part.key for part in body.parts}]
        lines = ["; ".join(named)] if named else []
        if decision := response.get("decision"):
            known = any(each.key == decision for each in body.decisions)
            lines.append(wording.plain(texts.of(decision, language)) if known else str(DELETED))
        return " → ".join(lines)

    def shuffle_order(self, body: MessageBody, random: Random) -> list[str]:
        """Return the keys of the decisions; the message itself stays as it is."""
        keys = [decision.key for decision in body.decisions]
        return shuffled(keys, random) if body.shuffle else keys

    def draw(self, body: MessageBody, drawing: Drawing) -> MessageSketch:
        return message_parts.sketch(body, drawing)

    def clean(self, body: MessageBody, raw: Mapping[str, Any]) -> Response:
        marks, decision = set(many_texts(raw, "marks")), one_text(raw, "decision")
        if not marks <= {part.key for part in body.parts} or decision not in {"", *(each.key for each in body.decisions)}:
            raise InvalidResponse()
        return ({"marks": sorted(marks)} if marks else {}) | ({"decision": decision} if decision else {})

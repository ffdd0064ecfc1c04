"""The editor of messages to inspect: the message as its reader sees it, what is suspicious in it, and what one can do."""

from lms.core.i18n import lazy_
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Pick, Rows, Sheet, Switch, Text, percent
from lms.quizzes.bodies.messages import Decision, Look, MessageBody, MessageKind, MessagePart

_PLACES = {
    "sender": lazy_("Name of the sender"),
    "address": lazy_("Address or number of the sender"),
    "recipient": lazy_("Recipient"),
    "date": lazy_("Day and hour"),
    "subject": lazy_("Subject of the message"),
    "url": lazy_("Address of the web page"),
    "lock": lazy_("What the browser says about the connection"),
}


class MessageEditor(Editor[MessageBody]):
    """``[[name]]`` in a line of the message is the place of the part with this short name."""

    key = "message_inspection"
    combined = True
    stem_hint = lazy_("What the learner has to do, and in what situation.")
    parts = (
        Pick(
            "kind",
            lazy_("The message is"),
            (
                (MessageKind.EMAIL, lazy_("an e-mail")),
                (MessageKind.SMS, lazy_("a text message")),
                (MessageKind.CHAT, lazy_("a chat")),
                (MessageKind.WEB, lazy_("a web page")),
            ),
        ),
        *(Text(f"message_{place}", label, lines=1) for place, label in _PLACES.items()),
        Text(
            "message_body",
            lazy_("Text of the message"),
            lines=8,
            hint=lazy_("Write [[a]] where the part with the short name a stands, here or in a line above."),
        ),
        Rows(
            "pieces",
            lazy_("Parts that can be marked"),
            lazy_("Part"),
            lazy_("One more part"),
            (
                Text("text", lazy_("What one sees"), lines=1),
                Switch("sign", lazy_("A sign of fraud")),
                Pick(
                    "look",
                    lazy_("It looks like"),
                    (
                        (Look.PHRASE, lazy_("words")),
                        (Look.LINK, lazy_("a link")),
                        (Look.BUTTON, lazy_("a button")),
                        (Look.FIELD, lazy_("a field to fill in")),
                        (Look.ATTACHMENT, lazy_("an attachment")),
                    ),
                ),
                Text("target", lazy_("Where a link or button leads"), lines=1),
                Text("feedback", lazy_("Why it is a sign, or why it is fine"), folded=True),
                Line("weight", lazy_("Weight beside the other signs"), mode="decimal"),
            ),
            start=3,
            hint=lazy_("Signs of fraud and harmless parts: without harmless ones, marking everything would be right."),
            keyed=lazy_("Short name"),
        ),
        Text("message_ask", lazy_("Question above what one can do"), lines=1),
        Rows(
            "decisions",
            lazy_("What one can do"),
            lazy_("Decision"),
            lazy_("One more decision"),
            (
                Text("text", lazy_("Decision"), lines=1),
                Line("fraction", lazy_("Worth, in %"), mode="decimal"),
                Text("feedback", lazy_("Feedback for this decision"), folded=True),
            ),
            start=3,
        ),
        Line("signs_share", lazy_("The signs make up how many % of the mark"), mode="decimal"),
        Line("alarm_cost", lazy_("A false alarm costs how many % of one sign"), mode="decimal"),
        Switch("shuffle", lazy_("Shuffle what one can do")),
        Switch("show_count", lazy_("Tell how many were right, with the feedback")),
    )

    def start(self) -> dict[str, str]:
        keys = {f"pieces.{index}.key": key for index, key in enumerate("abc")}
        return super().start() | keys | {"signs_share": "60", "alarm_cost": "50", "shuffle": "1", "decisions.0.fraction": "100"}

    def open(self, body: MessageBody, form: Opening) -> None:
        def piece(row: Opening, part: MessagePart) -> None:
            row.text("text", part.key)
            row.on("sign", part.sign)
            row.line("look", part.look)
            row.text("target", f"{part.key}.target")
            row.text("feedback", f"{part.key}.feedback")
            row.line("weight", f"{part.weight:g}")

        def decision(row: Opening, each: Decision) -> None:
            row.text("text", each.key)
            row.share("fraction", each.fraction)
            row.text("feedback", f"{each.key}.feedback")

        form.line("kind", body.kind)
        for place in (*_PLACES, "body", "ask"):
            form.text(f"message_{place}", f"message.{place}")
        form.rows("pieces", body.parts, piece)
        form.rows("decisions", body.decisions, decision)
        form.line("signs_share", percent(body.signs_share))
        form.line("alarm_cost", percent(body.alarm_cost))
        form.on("shuffle", body.shuffle)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> MessageBody:
        for place in (*_PLACES, "body", "ask"):
            sheet.text(f"message_{place}", f"message.{place}", needed=lazy_("Write the message.") if place == "body" else "")
        pieces = []
        for row in sheet.rows("pieces"):
            row.text("text", row.key, needed=lazy_("Write what one sees, or take the row out."))
            row.text("target", f"{row.key}.target")
            row.text("feedback", f"{row.key}.feedback")
            weight = row.number("weight")
            pieces.append(
                MessagePart(row.key, row.on("sign"), Look(row.pick("look", Look.PHRASE)), 1.0 if weight is None else float(weight))
            )
        decisions = []
        for row in sheet.rows("decisions"):
            row.text("text", row.key, needed=lazy_("Write what one can do, or take the row out."))
            row.text("feedback", f"{row.key}.feedback")
            decisions.append(Decision(row.key, row.share("fraction")))
        return MessageBody(
            MessageKind(sheet.pick("kind", MessageKind.EMAIL)),
            tuple(sorted(pieces, key=lambda part: part.key)),
            tuple(decisions),
            sheet.share("signs_share", 0.6),
            sheet.share("alarm_cost", 0.5),
            sheet.on("shuffle"),
            sheet.on("show_count"),
        )

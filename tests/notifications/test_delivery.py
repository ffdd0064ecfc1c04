"""Sending what waits, through a real mail server."""

import re
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts import links
from lms.accounts.models import Account, Link
from lms.app import JOBS
from lms.core import clock, jobs
from lms.core.db import session
from lms.notifications import delivery, mail, outbox
from lms.notifications.delivery import Outcome
from lms.notifications.models import Message
from tests.cast import Cast
from tests.factories_accounts import make_user
from tests.notifications.mail_server import Serve, free_port
from tests.together import at_once

SendTo = Callable[[str], None]
CERTIFICATE = {"title": {"vi": "Luật An ninh mạng", "en": "Cyber-security law"}, "code": "K7M2-9QXF"}


def tell(account: Account, key: str = "c:1") -> None:
    outbox.add(account.id, "certificate", dedupe_key=key, **CERTIFICATE)
    session.commit()


def states() -> list[tuple[str, int]]:
    session.expire_all()
    return [(message.state, message.tries) for message in session.query(Message).order_by(Message.id)]


def test_a_letter_arrives_in_the_language_of_its_reader(database: None, serve: Serve, send_to: SendTo):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    tell(make_user("a.a", email="a@truong.example", full_name="Lê Thị Ánh"))
    tell(make_user("b.b", email="b@truong.example", language="en"), "c:2")

    outcome = delivery.send_due()

    assert (outcome, states()) == (Outcome(sent=2), [("sent", 1)] * 2)
    assert [(letter["To"], letter["Subject"]) for letter in received.letters] == [
        ("Lê Thị Ánh <a@truong.example>", "Chứng nhận hoàn thành: Luật An ninh mạng"),
        ("Nguyễn Văn Mẫu <b@truong.example>", "Your certificate: Cyber-security law"),
    ]
    assert "https://antoanso.example/verify/K7M2-9QXF" in received.letters[0].get_content()


def test_a_sent_letter_is_not_sent_again(database: None, serve: Serve, send_to: SendTo):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    outcomes = [delivery.send_due(), delivery.send_due()]

    assert (outcomes, len(received.letters)) == ([Outcome(sent=1), Outcome()], 1)


@pytest.mark.parametrize("more", [{"email": None}, {"email": "a@truong.example", "disabled": True}])
def test_without_an_address_or_account_a_letter_is_dropped(database: None, serve: Serve, send_to: SendTo, more: dict[str, object]):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    tell(make_user(**more))

    assert (delivery.send_due(), states(), received.letters) == (Outcome(dropped=1), [("dropped", 1)], [])


def test_a_recipient_that_is_not_there_fails_at_once_and_the_next_one_is_served(database: None, serve: Serve, send_to: SendTo):
    received, port = serve()
    received.answers = ["550 5.1.1 No such user"]
    send_to(f"smtp://127.0.0.1:{port}")
    tell(make_user("a.a", email="a@truong.example"))
    tell(make_user("b.b", email="b@truong.example"), "c:2")

    assert (delivery.send_due(), states()) == (Outcome(sent=1, failed=1), [("failed", 1), ("sent", 1)])
    assert session.query(Message).filter_by(state="failed").one().error == "550 5.1.1 No such user"


def test_a_letter_is_tried_six_times_with_growing_pauses(database: None, serve: Serve, send_to: SendTo, now: datetime):
    received, port = serve()
    received.answers = ["451 Try later"] * 10
    send_to(f"smtp://127.0.0.1:{port}")
    with clock.at(now):
        tell(make_user(email="a@truong.example"))
    moment, pauses = now, []
    for _turn in range(6):
        with clock.at(moment):
            delivery.send_due()
            assert delivery.send_due() == Outcome()
        session.expire_all()
        message = session.query(Message).one()
        pauses.append((message.state, (message.due_at - moment) // timedelta(minutes=1)))
        moment = message.due_at

    assert pauses[:5] == [("waiting", 1), ("waiting", 4), ("waiting", 16), ("waiting", 64), ("waiting", 256)]
    assert (pauses[5][0], states(), received.letters) == ("failed", [("failed", 6)], [])


def test_after_a_failure_the_letter_arrives(database: None, serve: Serve, send_to: SendTo, now: datetime):
    received, port = serve()
    received.answers = ["451 Try later"]
    send_to(f"smtp://127.0.0.1:{port}")
    with clock.at(now):
        tell(make_user(email="a@truong.example"))
        delivery.send_due()
    with clock.at(now + timedelta(minutes=1)):
        delivery.send_due()

    assert (states(), len(received.letters)) == ([("sent", 2)], 1)


def test_while_the_server_is_away_only_one_letter_is_tried(database: None, send_to: SendTo):
    send_to(f"smtp://127.0.0.1:{free_port()}")
    for number in range(3):
        tell(make_user(f"ten{number}", email=f"{number}@truong.example"), f"c:{number}")

    assert (delivery.send_due(), states()) == (Outcome(later=1), [("waiting", 1), ("waiting", 0), ("waiting", 0)])


def test_a_letter_that_cannot_be_written_does_not_stop_the_others(
    database: None, serve: Serve, send_to: SendTo, caplog: pytest.LogCaptureFixture
):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    broken = make_user("a.a", email="khong phai dia chi")
    tell(broken)
    tell(make_user("b.b", email="b@truong.example"), "c:2")

    assert (delivery.send_due(), states()) == (Outcome(sent=1, later=1), [("waiting", 1), ("sent", 1)])
    assert "could not be sent" in caplog.text


def test_a_letter_whose_sender_died_is_sent_after_its_lease(
    database: None, serve: Serve, send_to: SendTo, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    with clock.at(now):
        tell(make_user(email="a@truong.example"))
        with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
            power.setattr(mail, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
            delivery.send_due()
    for moment in (now + timedelta(minutes=1), now + delivery.LEASE):
        with clock.at(moment):
            delivery.send_due()

    assert (states(), len(received.letters)) == ([("sent", 2)], 1)


def test_two_runners_send_each_letter_once(real_database: str, serve: Serve, send_to: SendTo):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    for number in range(12):
        tell(make_user(f"ten{number}", email=f"{number}@truong.example"), f"c:{number}")
    session.remove()

    came = at_once(delivery.send_due, delivery.send_due)

    assert sum(outcome.sent for outcome in came) == 12
    assert sorted(letter["To"].addresses[0].addr_spec for letter in received.letters) == sorted(
        f"{number}@truong.example" for number in range(12)
    )


def test_a_long_queue_leaves_other_jobs_their_turn(database: None, serve: Serve, send_to: SendTo):
    _received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    for number in range(5):
        tell(make_user(f"ten{number}", email=f"{number}@truong.example"), f"c:{number}")

    assert [delivery.send_due(most=2), delivery.send_due(most=10)] == [Outcome(sent=2), Outcome(sent=3)]


# How the server is spoken to


def test_starttls_is_used_when_it_is_offered(
    database: None, serve: Serve, send_to: SendTo, server_tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    received, port = serve(tls_context=server_tls, require_starttls=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send_to(f"smtp://may%20gui:m%40t%3Akh%2Fu@127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), received.secured, received.users) == (Outcome(sent=1), [True], ["may gui"])


def test_smtps_speaks_tls_from_the_start(
    database: None, serve: Serve, send_to: SendTo, server_tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    received, port = serve(ssl_context=server_tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send_to(f"smtps://127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), len(received.letters)) == (Outcome(sent=1), 1)


def test_a_certificate_that_nobody_vouches_for_is_refused(database: None, serve: Serve, send_to: SendTo, server_tls: ssl.SSLContext):
    received, port = serve(tls_context=server_tls)
    send_to(f"smtp://127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), received.letters) == (Outcome(later=1), [])
    assert "CERTIFICATE_VERIFY_FAILED" in (session.query(Message).one().error or "")


def test_a_wrong_password_for_the_mail_server_keeps_letters_waiting(database: None, serve: Serve, send_to: SendTo):
    received, port = serve(auth_require_tls=False)
    send_to(f"smtp://may%20gui:sai@127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), received.letters) == (Outcome(later=1), [])
    assert "sai" not in (session.query(Message).one().error or "")


def test_a_password_is_not_sent_in_the_open_to_another_machine(
    database: None, serve: Serve, send_to: SendTo, monkeypatch: pytest.MonkeyPatch
):
    received, port = serve(auth_require_tls=False)
    monkeypatch.setattr("lms.notifications.postboxes._THIS_MACHINE", ())
    send_to(f"smtp://may%20gui:m%40t%3Akh%2Fu@127.0.0.1:{port}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), received.users) == (Outcome(later=1), [])
    assert "no TLS" in (session.query(Message).one().error or "")


def test_a_folder_keeps_letters_as_files(database: None, send_to: SendTo, tmp_path: Path):
    send_to(f"folder:{tmp_path / 'thư'}")
    tell(make_user(email="a@truong.example"))

    delivery.send_due()

    files = list((tmp_path / "thư").iterdir())
    assert [re.fullmatch(r"\d{8}-\d{6}-\d+\.eml", file.name) is not None for file in files] == [True]
    assert b"To: =?utf-8?" in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_keeps_letters_waiting(database: None, send_to: SendTo, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    send_to(f"folder:{tmp_path / 'file'}")
    tell(make_user(email="a@truong.example"))

    assert (delivery.send_due(), states()) == (Outcome(later=1), [("waiting", 1)])


# The way of a lost password, from the form to the new one


def run_jobs() -> None:
    kinds = {key: JOBS[key] for key in ("notifications.reset", "notifications.invite", "notifications.deliver")}
    jobs.run_due(kinds)


def test_a_lost_password_is_set_anew(client: FlaskClient, cast: Cast, serve: Serve, send_to: SendTo):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    client.post("/password/forgot", data={"username": "teacher@truong.example"})

    run_jobs()

    text = received.letters[0].get_content()
    address = re.search(r"https://antoanso\.example(/password/reset/\S+)", text)
    assert address is not None
    new = {"password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"}
    assert [client.get(address[1]).status_code, client.post(address[1], data=new).status_code] == [200, 302]
    client.post("/sign-out")
    assert client.post("/sign-in", data={"username": "teacher", "password": "con mèo ngủ trưa"}).status_code == 302


@pytest.mark.parametrize("name", ["khong.co", "pupil"])
def test_a_name_without_address_gets_no_mail(client: FlaskClient, cast: Cast, serve: Serve, send_to: SendTo, name: str):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    client.post("/password/forgot", data={"username": name})

    run_jobs()

    assert (received.letters, session.query(Link).count()) == ([], 0)


def test_the_secret_of_a_letter_stands_in_no_table(database: None, serve: Serve, send_to: SendTo):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    account = make_user(email="a@truong.example")
    outbox.add(account.id, "reset", dedupe_key="r:1")
    session.commit()

    delivery.send_due()

    secret = received.letters[0].get_content().partition("/password/reset/")[2].split()[0]
    stored = [str(vars(row)) for table in (Message, Link) for row in session.query(table)]
    assert (links.holder(secret, "reset").id, any(secret in row for row in stored)) == (account.id, False)


def test_those_with_address_and_without_password_are_invited(
    client: FlaskClient, database: None, serve: Serve, send_to: SendTo, app: Flask
):
    received, port = serve()
    send_to(f"smtp://127.0.0.1:{port}")
    invited = [
        make_user("moi", email="moi@truong.example", password=False),
        make_user("cu", email="cu@truong.example"),
        make_user("khong.thu", password=False),
        make_user("dong.cua", email="dong@truong.example", password=False, disabled=True),
    ]
    jobs.add("notifications.invite", account_ids=[account.id for account in invited])
    session.commit()

    run_jobs()
    delivery.send_due()

    assert [letter["To"].addresses[0].addr_spec for letter in received.letters] == ["moi@truong.example"]
    address = re.search(r"https://antoanso\.example(/welcome/\S+)", received.letters[0].get_content())
    assert address is not None
    assert client.get(address[1]).status_code == 200

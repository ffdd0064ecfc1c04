"""A real mail server on this machine, and settings that send to it."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from lms.core.config import Settings
from lms.notifications import delivery
from tests.notifications.mail_server import Received, Serve, free_port


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server; gives what it receives, and its port."""
    running: list[Controller] = []

    def start(**options: Any) -> tuple[Received, int]:
        received = Received()

        def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"may gui", b"m@t:kh/u")
            if right:
                received.users.append("may gui")
            return AuthResult(success=right, handled=right)

        controller = Controller(received, hostname="127.0.0.1", port=free_port(), authenticator=authenticate, **options)
        controller.start()
        running.append(controller)
        return received, controller.port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def now() -> datetime:
    """A moment to begin at."""
    return datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def send_to(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Let mails go to another place during the test."""

    def change(url: str) -> None:
        delivery.configure(replace(settings, mail=url, mail_from="An toàn số <gui@antoanso.example>", base_url="https://antoanso.example"))

    yield change
    delivery.configure(settings)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, with its key, that only tests trust."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(path.with_suffix(".key")), "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context

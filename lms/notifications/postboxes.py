"""Where mails go: a mail server, or a folder of .eml files."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from lms.core import clock

PATIENCE = 20  # seconds that a mail server may take to answer
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Unreachable(Exception):
    """The mail server cannot be used now; no other letter would get through either."""


class Refused(Exception):
    """The mail server will never take a letter for this recipient."""


class Delayed(Exception):
    """The mail server did not take this letter now."""


class Postbox(Protocol):
    """Takes letters, one by one."""

    def post(self, letter: EmailMessage, name: str) -> None:
        """Hand a letter over; ``name`` tells it from others.  Raises Unreachable, Refused, Delayed."""

    def close(self) -> None:
        """Say good-bye."""


def open_postbox(url: str) -> Postbox:
    """Return the postbox of the setting LMS_MAIL: ``folder:PATH``, ``smtp://...`` or ``smtps://...``."""
    if url.startswith("folder:"):
        return Folder(Path(url.removeprefix("folder:")))
    return Server(url)


class Folder:
    """Keeps letters as files, for demonstrations and tests."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def post(self, letter: EmailMessage, name: str) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            target = self.path / f"{clock.local(clock.now()):%Y%m%d-%H%M%S}-{name}.eml"
            # Whoever watches the folder sees whole letters only.
            unfinished = target.with_suffix(".part")
            unfinished.write_bytes(bytes(letter))
            unfinished.rename(target)
        except OSError as error:
            raise Unreachable(f"cannot write into {self.path}: {error}") from error

    def close(self) -> None:
        pass


class Server:
    """Speaks SMTP; connects with the first letter and stays for the next ones."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls_at_once = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._port = parts.port or (465 if self._tls_at_once else 587 if self._user else 25)
        self._connection: smtplib.SMTP | None = None

    def post(self, letter: EmailMessage, name: str) -> None:
        if self._connection is None:
            self._connection = self._connect()
        try:
            self._connection.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            said = f"{code} {_plain(reason)}"
            raise (Refused(said) if code >= 500 else Delayed(said)) from error
        except smtplib.SMTPResponseException as error:
            raise Delayed(f"{error.smtp_code} {_plain(error.smtp_error)}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def _connect(self) -> smtplib.SMTP:
        connection: smtplib.SMTP | None = None
        try:
            if self._tls_at_once:
                connection = smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=ssl.create_default_context())
                safe = True
            else:
                connection = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
                connection.ehlo()
                safe = connection.has_extn("starttls")
                if safe:
                    connection.starttls(context=ssl.create_default_context())
            if self._user:
                # Whoever stands between us and the server could hide its offer of TLS to read the password.
                if not safe and self._host not in _THIS_MACHINE:
                    raise Unreachable("the mail server offers no TLS, so the password is not sent; use smtps:// or a server with STARTTLS")
                connection.login(self._user, self._password)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, (OSError, smtplib.SMTPException)):
                raise Unreachable(str(error)) from error
            raise
        return connection


def _plain(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said

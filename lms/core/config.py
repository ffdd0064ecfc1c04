"""Settings from the environment, typed, checked at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(Exception):
    """A setting that cannot work; the sentence says how to mend it."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides; every field is LMS_<NAME> in the environment.

    ``instance`` is the folder for the embedded database, uploads, mails and
    keys.  ``mail`` is ``folder:PATH`` or ``smtp://[user:password@]host:port``
    (``smtps://`` for TLS from the start).  ``max_upload_mb`` is in megabytes.
    """

    database_url: str
    secret_key: str
    base_url: str
    instance: Path
    mail: str
    mail_from: str
    language: str
    throttle_storage: str
    throttle_enabled: bool
    trusted_proxies: int
    max_upload_mb: int
    course_review: str  # optional, required
    secure_cookies: bool

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises SettingError with a sentence that names the variable and the cure.
    """
    env = dict(os.environ if environment is None else environment)
    instance = Path(env.get("LMS_INSTANCE", "instance")).absolute()
    instance.mkdir(parents=True, exist_ok=True)
    base_url = env.get("LMS_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise SettingError(f"LMS_BASE_URL is {base_url!r}: give the address that people type, such as https://antoanso.example.vn")
    return Settings(
        database_url=_database_url(env, instance),
        secret_key=_secret_key(env, instance),
        base_url=base_url,
        instance=instance,
        mail=_mail(env, instance),
        mail_from=env.get("LMS_MAIL_FROM", "An toàn số <khong-tra-loi@localhost>"),
        language=_one_of(env, "LMS_LANGUAGE", "vi", ("vi", "en")),
        throttle_storage=env.get("LMS_THROTTLE_STORAGE", "memory://"),
        throttle_enabled=_one_of(env, "LMS_THROTTLE", "on", ("on", "off")) == "on",
        trusted_proxies=_number(env, "LMS_TRUSTED_PROXIES", 0),
        max_upload_mb=_number(env, "LMS_MAX_UPLOAD_MB", 20),
        course_review=_one_of(env, "LMS_COURSE_REVIEW", "optional", ("optional", "required")),
        secure_cookies=base_url.startswith("https://"),
    )


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("LMS_DATABASE_URL") or f"sqlite:///{instance / 'antoanso.sqlite'}"
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError(f"LMS_DATABASE_URL is {url!r}: give sqlite:///PATH or postgresql://user:password@host/name")
    return url


def _secret_key(env: Mapping[str, str], instance: Path) -> str:
    """Return the key that signs cookies; without one, keep one of our own in the instance folder."""
    if key := env.get("LMS_SECRET_KEY"):
        if len(key) < 32:
            raise SettingError(
                "LMS_SECRET_KEY is too short: give at least 32 characters, e.g. from `python -c 'import secrets; print(secrets.token_hex(32))'`"
            )
        return key
    path = instance / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def _mail(env: Mapping[str, str], instance: Path) -> str:
    mail = env.get("LMS_MAIL") or f"folder:{instance / 'mail'}"
    if not mail.startswith(("folder:", "smtp://", "smtps://")):
        raise SettingError(f"LMS_MAIL is {mail!r}: give smtp://user:password@host:587 or folder:PATH")
    return mail


def _one_of(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, default)
    if value not in allowed:
        raise SettingError(f"{name} is {value!r}: give one of {', '.join(allowed)}")
    return value


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdigit():
        raise SettingError(f"{name} is {value!r}: give a whole number, such as {default}")
    return int(value)

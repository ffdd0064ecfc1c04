"""Settings: defaults that work, and a sentence with the cure for those that cannot."""

from pathlib import Path

import pytest

from lms.core import config

KEY = "0123456789abcdef0123456789abcdef"


def load(folder: Path, **settings: str) -> config.Settings:
    return config.load({"LMS_INSTANCE": str(folder), **settings})


def test_without_any_setting_everything_lies_in_the_instance_folder(tmp_path: Path):
    settings = load(tmp_path / "instance")

    assert settings.database_url == f"sqlite:///{tmp_path}/instance/antoanso.sqlite"
    assert settings.is_sqlite
    assert settings.mail == f"folder:{tmp_path}/instance/mail"
    assert (settings.base_url, settings.language, settings.secure_cookies) == ("http://127.0.0.1:8000", "vi", False)


def test_a_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path):
    first, second = load(tmp_path), load(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_given_secret_key_is_taken_and_none_is_written(tmp_path: Path):
    assert load(tmp_path, LMS_SECRET_KEY=KEY).secret_key == KEY
    assert not (tmp_path / "secret_key").exists()


def test_the_usual_address_of_postgresql_gets_our_driver(tmp_path: Path):
    settings = load(tmp_path, LMS_DATABASE_URL="postgresql://lms:x@db/lms")

    assert settings.database_url == "postgresql+psycopg://lms:x@db/lms"
    assert not settings.is_sqlite


def test_https_makes_cookies_secure(tmp_path: Path):
    settings = load(tmp_path, LMS_BASE_URL="https://antoanso.example.vn/")

    assert (settings.base_url, settings.secure_cookies) == ("https://antoanso.example.vn", True)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("LMS_DATABASE_URL", "mysql://here", "give sqlite:///PATH or postgresql://user:password@host/name"),
        ("LMS_BASE_URL", "antoanso.vn", "give the address that people type"),
        ("LMS_SECRET_KEY", "short", "give at least 32 characters"),
        ("LMS_MAIL", "mail.example.vn", "give smtp://user:password@host:587 or folder:PATH"),
        ("LMS_LANGUAGE", "fr", "give one of vi, en"),
        ("LMS_THROTTLE", "maybe", "give one of on, off"),
        ("LMS_TRUSTED_PROXIES", "-1", "give a whole number"),
        ("LMS_MAX_UPLOAD_MB", "20 MB", "give a whole number"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_its_cure(tmp_path: Path, name: str, value: str, cure: str):
    with pytest.raises(config.SettingError) as refused:
        load(tmp_path, **{name: value})

    assert str(refused.value).startswith(name)
    assert cure in str(refused.value)


def test_a_refused_secret_key_is_not_repeated(tmp_path: Path):
    with pytest.raises(config.SettingError) as refused:
        load(tmp_path, LMS_SECRET_KEY="my-secret")
    assert "my-secret" not in str(refused.value)

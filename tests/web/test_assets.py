"""Built files: kept by browsers for ever, because their names carry their content."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from lms.web import built

STYLE = "app.css"


@pytest.fixture
def path() -> str:
    return f"/static/built/{built.manifest()[STYLE]}"


def fetch(client: FlaskClient, path: str, accepted: str = "") -> tuple[Headers, bytes]:
    with client.get(path, headers={"Accept-Encoding": accepted}) as response:
        assert response.status_code == 200
        return response.headers, response.get_data()


def test_a_built_file_is_kept_for_ever(client: FlaskClient, path: str):
    headers, _ = fetch(client, path)

    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"


def test_it_does_not_depend_on_who_asks(client: FlaskClient, path: str):
    """Else a browser would fetch it again after each change of its cookie."""
    client.get("/language/en")
    headers, _ = fetch(client, path)

    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(("asked", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_comes_compressed_and_is_the_same(client: FlaskClient, path: str, asked: str, unpack: Callable[[bytes], bytes]):
    _, plain = fetch(client, path)
    headers, packed = fetch(client, path, asked)

    assert headers["Content-Encoding"] == asked
    assert unpack(packed) == plain
    assert len(packed) < len(plain) / 2


def test_whoever_takes_both_gets_the_smaller(client: FlaskClient, path: str):
    headers, _ = fetch(client, path, "gzip, deflate, br")
    assert headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("name", ["nothing.css", "..%2f..%2fassets.py", "%2e%2e/%2e%2e/assets.py"])
def test_nothing_else_is_given_out(client: FlaskClient, name: str):
    assert client.get(f"/static/built/{name}").status_code == 404


def test_every_name_in_the_manifest_is_a_file():
    names = json.loads((built.BUILT / "manifest.json").read_text())
    assert STYLE in names
    assert [name for name in names.values() if not (built.BUILT / name).is_file()] == []


def test_a_page_without_built_files_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(built, "BUILT", tmp_path)
    built.manifest.cache_clear()
    try:
        with pytest.raises(built.NotBuilt, match="make build"):
            built.manifest()
    finally:
        monkeypatch.undo()
        built.manifest.cache_clear()

"""Long pages travel compressed to those who can unpack them."""

import gzip

from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_long_page_is_compressed_and_complete(stage: FlaskClient):
    response = stage.get("/stage/long", headers=GZIP)

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.get_data()).decode() == "á" * 2000
    assert int(response.headers["Content-Length"]) == len(response.get_data())


def test_whoever_cannot_unpack_gets_it_plain(stage: FlaskClient):
    response = stage.get("/stage/long")

    assert "Content-Encoding" not in response.headers
    assert response.get_data(as_text=True) == "á" * 2000
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_short_answer_is_left_alone(stage: FlaskClient):
    assert "Content-Encoding" not in stage.get("/stage/long?letters=10", headers=GZIP).headers

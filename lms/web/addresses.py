"""Addresses of our pages, built once: a page names dozens of them, and they hardly ever change."""

from functools import lru_cache
from typing import Any

import flask
from flask import has_request_context

_MOST = 5_000  # addresses kept in a worker


def url_for(endpoint: str, **values: Any) -> str:
    """Return what Flask's ``url_for`` returns, from memory where the address depends on nothing but what is given."""
    plain = endpoint[0] != "."
    for name, value in values.items():
        # Equal is not the same: True and 1 make different addresses.  A name with an underscore is an option.
        if name[0] == "_" or type(value) not in (str, int):
            plain = False
    return _built(has_request_context(), endpoint, tuple(values.items())) if plain else flask.url_for(endpoint, **values)


@lru_cache(_MOST)
def _built(_in_request: bool, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    # Outside a request addresses are whole ones; the path under which the site stands is one for all requests.
    return flask.url_for(endpoint, **dict(values))

"""Pages go over the wire compressed: the network of a school is slow."""

import zlib

from flask import Flask, Response, request

LEAST = 1200  # bytes; below that a packet is a packet
LEVEL = 3  # of 9; half the time of level 4, and a page of 30 KB gets 200 bytes longer
GZIP = 31  # zlib's word for "with gzip's head and foot"
TYPES = ("text/html", "application/json", "text/csv")


def install(app: Flask) -> None:
    """Compress what a browser can unpack."""

    @app.after_request
    def squeeze(response: Response) -> Response:
        if response.direct_passthrough or response.mimetype not in TYPES or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        body = response.get_data()
        if len(body) >= LEAST:
            response.set_data(zlib.compress(body, LEVEL, wbits=GZIP))
            response.headers["Content-Encoding"] = "gzip"
        return response

"""Pages go over the wire compressed: the network of a school is slow."""

import gzip

from flask import Flask, Response, request

LEAST = 1200  # bytes; below that a packet is a packet
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
            response.set_data(gzip.compress(body, 4))
            response.headers["Content-Encoding"] = "gzip"
        return response

"""Headers that keep pages safe: a strict policy, no framing, no guessing."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask, *, https: bool) -> None:
    """Put the headers on every response."""

    headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
    wanted = [(name.lower(), name, value) for name, value in headers.items()]

    @app.after_request
    def protect(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        for lowered, name, value in wanted:
            if lowered not in given:
                response.headers.add(name, value)
        # A shared lab PC must not show the last pupil's page by the back button.
        # A file that is sent says "no-cache", and so would lie in the browser's cache: a certificate, a list of persons.
        # What says that it never changes carries the hash of its content in its address, and nothing of a person.
        if request.endpoint not in ("static", "built") and not response.cache_control.immutable:
            response.headers["Cache-Control"] = "no-store"
        return response

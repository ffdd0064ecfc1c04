"""Headers that keep pages safe: a strict policy, no framing, no guessing."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
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
    # A shared lab PC must not show the last pupil's page by the back button.
    headers_of_pages = headers | {"Cache-Control": "no-store"}

    @app.after_request
    def protect(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        for name, value in (headers if request.endpoint in ("static", "built") else headers_of_pages).items():
            if name.lower() not in given:
                response.headers.add(name, value)
        return response

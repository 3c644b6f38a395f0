"""Headers that every answer carries: nothing is loaded from, sent to or framed by another origin, but for one map."""

from __future__ import annotations

from flask import Flask, Response


def policy(pictures: str | None = None) -> str:
    """The Content-Security-Policy; `pictures` is the one other origin that a configured base map comes from."""
    also = "" if pictures is None else f" {pictures}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{also}",
            f"connect-src 'self'{also}",
            "worker-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask, pictures: str | None = None) -> None:
    """Put the headers on every answer; `pictures` is the origin of a configured base map."""
    headers = {"Content-Security-Policy": policy(pictures), **HEADERS}

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

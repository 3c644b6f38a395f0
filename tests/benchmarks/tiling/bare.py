"""The front with a bare handler: the bytes that the program gave once, to whoever passes the same sign-in check.

Run as a program it serves like `app.server`; what was never asked for goes the usual way, and is kept as it was sent.
"""

from __future__ import annotations

import sys
from http.cookies import SimpleCookie
from typing import Any

from app.accounts.rules import Permission, SessionState
from app.accounts.service import visiting
from app.accounts.service.signing_in import Seat
from app.factory import create_app
from app.server.__main__ import serve
from app.server.bridge import Receive, Scope, Send
from app.server.front import Front

KEPT = b"/tiles/"
COOKIE = "__Host-panlong"


class BareFront(Front):
    """Answers from what it keeps."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.answers: dict[bytes, tuple[int, list[tuple[bytes, bytes]], bytes]] = {}
        self.signer = app.session_interface.get_signing_serializer(app)
        self.url = str(app.config["DATABASE_URL"])

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"] if scope.get("raw_path") else scope["path"].encode()
        key = path + b"?" + scope["query_string"]
        if not path.startswith(KEPT):
            await super()._serve(scope, receive, send)
        elif (found := self.answers.get(key)) is None:
            await super()._serve(scope, receive, self._keeping(key, send))
        elif self._let_in(scope):
            status, headers, body = found
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _let_in(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
        if cookie is None:
            return False
        token = self.signer.loads(cookie.value)["_user_id"]
        seat = Seat(scope["client"][0], headers.get(b"user-agent", b"").decode("latin-1"))
        found = visiting.visitor(self.url, token, seat, awake=True)
        return found is not None and found.state is SessionState.LIVE and found.may(Permission.READ_CASES)

    def _keeping(self, key: bytes, send: Send) -> Send:
        said: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            said.append(message)
            if not message.get("more_body", True):
                body = b"".join(one["body"] for one in said[1:])
                if said[0]["status"] == 200:
                    self.answers[key] = 200, said[0]["headers"], body
            await send(message)

        return keep


def create_front() -> BareFront:
    """The front of the application of this process's settings."""
    return BareFront(create_app())


if __name__ == "__main__":
    serve("127.0.0.1", int(sys.argv[1]), front="tests.benchmarks.tiling.bare:create_front")

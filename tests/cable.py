"""A cable between a browser and the server, which can be pulled out and put back in."""

from __future__ import annotations

import socket
import threading
from typing import Self
from urllib.parse import urlsplit

CHUNK = 1 << 16


class Cable:
    """Passes bytes on to a server of this machine; while it is pulled none pass and nobody is told, as in real life."""

    def __init__(self, address: str) -> None:
        at = urlsplit(address)
        self._to = (str(at.hostname), int(at.port or 80))
        self._whole = threading.Event()
        self._whole.set()
        self._ears = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._ears.getsockname()[1]}/"
        threading.Thread(target=self._take, daemon=True).start()

    def pull(self) -> None:
        """Let nothing pass any more."""
        self._whole.clear()

    def mend(self) -> None:
        """Let all pass again, first what has been waiting."""
        self._whole.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ears.close()
        self.mend()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._ears.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        self._whole.wait()
        try:
            far = socket.create_connection(self._to)
        except OSError:
            near.close()
            return
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while content := one.recv(CHUNK):
                self._whole.wait()
                other.sendall(content)
        except OSError:
            pass
        for end in (one, other):
            end.close()

"""Every sealed number sealed anew under another key, in one transaction: before it all are under the old one, after it
under the new one, and an index is never of two keys."""

from __future__ import annotations

from collections.abc import Callable

from app.db import transaction
from app.errors import InvalidError
from app.seals import service as seals
from app.seals import store
from app.seals.service import Column, Sealer
from app.seals.service.ciphers import CIPHERS

PAGE = 2_000


def rotate(url: str, cipher: str, progress: Callable[[int], None] = lambda _: None) -> int:
    """Make a key, seal everything under it, and return its number. The old key is kept until somebody takes it away.

    Reading goes on meanwhile; who writes a number waits.

    Parameters
    ----------
    cipher
        One of `CIPHERS`.
    progress
        Told after each page how many values are done.

    Raises
    ------
    InvalidError
        `cipher_unknown`.
    UnavailableError
        `seal_key_missing`, `seal_key_wrong`, `seal_broken`: nothing was changed.
    """
    if cipher not in CIPHERS:
        raise InvalidError("cipher_unknown", value=cipher, known=", ".join(sorted(CIPHERS)))
    with transaction(url) as connection:
        store.hold_still(connection)
        old = seals.sealer(connection)
        newest = seals.add_key(connection, old.newest.no + 1, cipher)
        new = Sealer(newest, {**old.keys, newest.no: newest})
        done = 0
        for column in Column:
            for page in store.pages(connection, column.value, PAGE):
                store.put_sealed(
                    connection, column.value,
                    [_anew(new, column, number, old.open(column, value, index)) for number, value, index in page],
                )  # fmt: skip
                done += len(page)
                progress(done)
    return newest.no


def _anew(new: Sealer, column: Column, number: int, plain: str) -> tuple[int, bytes, bytes, bytes]:
    one = new.seal(column, plain)
    return number, one.value, one.index, new.tail(column, plain)

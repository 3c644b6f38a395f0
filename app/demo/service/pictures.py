"""Pictures for simulated cases: coloured tiles that say 模拟, taken in like everybody's."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image
from sqlalchemy import Connection

from app.files.service import take_in

GLYPHS = (
    "0c18c0c0000 0c19c0c6060 0cfff0c6860 0cfff0c7c60 0c19c3f6c60 3f7fe3f6e60 3c7fe0c66e0 0e6060c66e0 0e7fe0c66e0"
    " 1f7fe0f60c0 1f7fe3f60c0 3d7fe3f60c0 3c0603c65e0 3cfff0c7fe0 2cfff0c7df0 0c1f80c7bf0 0c3dc0ce730 0cf8f0cc738"
    " 0cf073c0e38 0cc02380400"
)
"""模拟 as 20 rows of 44 dots, in hexadecimal digits: no font has to be there."""

WIDTH = 44
SIDE, DOT = (480, 360), 8
COUNT = 8
SEED = 530105


def pictures(connection: Connection, account_id: int, timezone: str) -> tuple[list[int], list[int]]:
    """Ids of pictures of how things were before, and of how they were after; a picture that is there is not made again.

    Raises
    ------
    UnavailableError
        As `app.files.service.keep`.
    """
    zone = ZoneInfo(timezone)
    found: dict[bool, list[int]] = {False: [], True: []}
    rng = np.random.default_rng(SEED)
    for after, ids in found.items():
        for _ in range(COUNT):
            taken = take_in(connection, BytesIO(_png(rng, after=after)), account_id=account_id, zone=zone)
            ids.append(taken.file_id)
    return found[False], found[True]


def _png(rng: np.random.Generator, *, after: bool) -> bytes:
    """Tiles in one tone, untidy before and even after, with the word in the middle."""
    tone = rng.integers(90, 190, 3)
    tiles = np.tile(tone, (SIDE[1] // 24, SIDE[0] // 24, 1)) + rng.integers(
        -8 if after else -70, 9 if after else 60, (SIDE[1] // 24, SIDE[0] // 24, 3)
    )
    pixels = np.clip(np.kron(tiles, np.ones((24, 24, 1))), 0, 255).astype(np.uint8)
    word = np.kron(_glyphs(), np.ones((DOT, DOT), dtype=bool))
    top, left = (SIDE[1] - word.shape[0]) // 2, (SIDE[0] - word.shape[1]) // 2
    pixels[top : top + word.shape[0], left : left + word.shape[1]][word] = 255
    made = BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()


def _glyphs() -> Any:
    rows = [f"{int(row, 16):0{WIDTH}b}" for row in GLYPHS.split()]
    return np.array([[dot == "1" for dot in row] for row in rows])

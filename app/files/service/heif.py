"""HEIC pictures, decoded in a child process: a made-up one has been seen to take the whole process with it.

The decoder (libheif) is young and written in C++. What such a picture does to it is its child's death alone; and the
child knows no secret of ours.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO

from PIL import Image

from app.errors import InvalidError
from app.files.rules.frames import check_size

CHILD = Path(__file__).with_name("heif_child.py")
PATIENCE_S = 60.0
MOST_BESIDE = 8 * 1024 * 1024
"""Bytes of metadata, and of a colour profile."""

CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}


def open_heic(data: bytes) -> Image.Image:
    """A decoded picture, with its metadata and its colour profile in `info`, turned as its container asks.

    Raises
    ------
    InvalidError
        `file_broken`: it cannot be decoded, or not in time; `image_too_big`.
    """
    command = [sys.executable, "-I", str(CHILD)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}) as child:
        end = Timer(PATIENCE_S, child.kill)
        end.start()
        try:
            assert child.stdin is not None and child.stdout is not None
            with suppress(OSError):  # it may die before it has read all
                child.stdin.write(data)
                child.stdin.flush()
            with suppress(OSError):
                child.stdin.close()
            image = _answer(child.stdout)
            if child.wait() != 0:
                raise _broken()
            return image
        finally:
            end.cancel()
            child.kill()


def _answer(stream: IO[bytes]) -> Image.Image:
    """The picture in the answer of the child, which is believed no more than the file is."""
    words = stream.readline(200).decode("ascii", "replace").strip().split(" ")
    if len(words) != 6 or words[0] not in CHANNELS or not all(word.isdecimal() for word in words[1:]):
        raise _broken()
    width, height, size, *beside = map(int, words[1:])
    check_size(width, height)
    if size != width * height * CHANNELS[words[0]] or max(beside) > MOST_BESIDE:
        raise _broken()
    parts = [stream.read(length) for length in (size, *beside)]
    if [len(part) for part in parts] != [size, *beside] or stream.read(1):
        raise _broken()
    image = Image.frombytes(words[0], (width, height), parts[0])
    image.info.update(exif=parts[1], icc_profile=parts[2])
    return image


def _broken() -> InvalidError:
    return InvalidError("file_broken", reason="heic")

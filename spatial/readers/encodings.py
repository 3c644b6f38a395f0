"""In which encoding a text is. The bytes decide; what a file declares about itself is only compared with them."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from spatial.errors import SourceError

BLOCK = 1 << 22
SAMPLE = 1 << 16

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def known(encoding: str) -> str:
    """Python's name of an encoding; GBK and its kin count as GB 18030, which holds them all.

    Raises
    ------
    SourceError
        `encoding_unknown`.
    """
    try:
        name = codecs.lookup(encoding.strip()).name
    except LookupError as error:
        raise SourceError("encoding_unknown", value=encoding[:40]) from error
    return "gb18030" if name in {"gbk", "gb2312", "cp936", "hz"} else name


def of_file(path: Path, chosen: str | None) -> str:
    """The encoding of a text file, every byte of which was looked at.

    Parameters
    ----------
    chosen
        What the user says; None to find out.

    Raises
    ------
    SourceError
        `encoding_unknown`; `encoding_wrong`: a byte of some row cannot be text in the chosen encoding;
        `encoding_unclear`: no encoding fits.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in BOMS:
        if head.startswith(mark):
            return name if chosen is None else _checked(path, known(chosen))
    if chosen is not None:
        return _checked(path, known(chosen))
    row = 0
    for name in ("utf-8", "gb18030"):
        row = _first_bad_row(path, name)
        if row == 0:
            return name
    with path.open("rb") as file:
        best = from_bytes(file.read(SAMPLE)).best()
    if best is None or best.encoding == "ascii" or _first_bad_row(path, best.encoding):
        raise SourceError("encoding_unclear", row=row)
    return best.encoding


def _checked(path: Path, name: str) -> str:
    row = _first_bad_row(path, name)
    if row:
        raise SourceError("encoding_wrong", encoding=name, row=row)
    return name


def _first_bad_row(path: Path, encoding: str) -> int:
    """The line, from 1, in which the text stops being of an encoding; 0 where all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    with path.open("rb") as file:
        for block in _blocks(file):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                return lines + block[: error.start].count(b"\n") + 1
            lines += block.count(b"\n")
            if "\0" in text and lines < 2:
                return 1
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines + 1
    return 0


def _blocks(file: object) -> Iterator[bytes]:
    return iter(lambda: file.read(BLOCK), b"")  # type: ignore[attr-defined]


def of_pieces(pieces: Iterable[bytes], declared: str | None) -> str | None:
    """The encoding of many short texts, such as the fields of a table; None where they are plain ASCII.

    A text that fills its field may have been cut in the middle of a character: up to three bytes at an end that do not
    make a character are forgiven.

    Raises
    ------
    SourceError
        `encoding_unclear`.
    """
    texts = [piece for piece in pieces if not piece.isascii()]
    if not texts:
        return None
    candidates = ["utf-8", "gb18030"]
    if declared is not None and declared not in candidates:
        candidates.append(declared)
    for name in candidates:
        if all(decodes(text, name) for text in texts):
            return name
    best = from_bytes(b"\n".join(texts)[:SAMPLE]).best()
    if best is None:
        raise SourceError("encoding_unclear", row=0)
    return best.encoding


def decodes(text: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding, but for a character that is cut off at the end."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        decoder.decode(text)
    except UnicodeDecodeError:
        return False
    return True

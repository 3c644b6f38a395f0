"""The table of a shapefile, as far as its encoding goes: GDAL believes the .cpg, and that may lie or be missing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from spatial.errors import SourceError
from spatial.readers import encodings
from spatial.readers.source import Note

HEADER = 32
DELETED = 0x2A


def _sibling(path: Path, ending: str) -> Path | None:
    """The part of a shapefile with an ending, in whichever case it is written."""
    matches = [p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.lower() == ending]
    return matches[0] if matches else None


def check_parts(path: Path) -> None:
    """See that the parts of a shapefile are there and are what they say.

    Raises
    ------
    SourceError
        `part_missing`, `not_of_kind`.
    """
    with path.open("rb") as file:
        if file.read(4) != struct.pack(">i", 9994):
            raise SourceError("not_of_kind", file=path.name, kind="shapefile")
    missing = [ending for ending in (".dbf", ".shx") if _sibling(path, ending) is None]
    if missing:
        raise SourceError("part_missing", file=path.name, parts=", ".join(missing))


def encoding_of(path: Path, chosen: str | None) -> tuple[str, list[Note]]:
    """The encoding of a shapefile's texts, and what is to be told about it.

    Raises
    ------
    SourceError
        `encoding_unknown`, `encoding_wrong`, `encoding_unclear`, `not_of_kind`.
    """
    table = _sibling(path, ".dbf")
    assert table is not None
    declared = _declared(path)
    if chosen is not None:
        name = encodings.known(chosen)
        found = encodings.of_pieces(texts(table), name)
        if found is not None and not all(encodings.decodes(text, name) for text in texts(table)):
            raise SourceError("encoding_wrong", encoding=name, row=0)
        return name, []
    found = encodings.of_pieces(texts(table), declared)
    if found is None:
        return declared or "utf-8", []
    if declared is not None and declared != found:
        return found, [Note("cpg_lies", {"declared": declared, "encoding": found})]
    return found, [] if declared else [Note("encoding_detected", {"encoding": found})]


def _declared(path: Path) -> str | None:
    cpg = _sibling(path, ".cpg")
    if cpg is None:
        return None
    word = cpg.read_text(encoding="ascii", errors="replace").strip()
    try:
        return encodings.known(word if not word.isdigit() else f"cp{word}")
    except SourceError:
        return None


def texts(table: Path) -> Iterator[bytes]:
    """The names of a dBase table's columns and every text in it, as bytes without padding."""
    with table.open("rb") as file:
        head = file.read(HEADER)
        if len(head) < HEADER:
            raise SourceError("not_of_kind", file=table.name, kind="dbf")
        count, begin, length = struct.unpack("<IHH", head[4:12])
        columns = file.read(max(0, begin - HEADER))
        spans, offset = [], 1
        for i in range(0, len(columns) - 31, 32):
            column = columns[i : i + 32]
            if column[0] == 0x0D:
                break
            yield column[:11].split(b"\0")[0]
            if column[11:12] == b"C":
                width = column[16] | column[17] << 8
                spans.append((offset, offset + width))
                offset += width
            else:
                offset += column[16]
        file.seek(begin)
        for _ in range(count):
            record = file.read(length)
            if len(record) < length:
                return
            if record[0] != DELETED:
                yield from (record[a:b].rstrip(b" \0") for a, b in spans)

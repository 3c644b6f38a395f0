"""Pictures of a case on paper, by what they show; of films and of what cannot be opened is said how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.errors import NotFoundError, UnavailableError
from app.files import service as files
from app.files.rules import PREVIEW, Kind
from app.reports.rules.blocks import Block, Photo, Photos, Words
from app.reports.service.context import Context
from app.reports.service.sections.naming import at, joined

Record = Mapping[str, Any]

PHASES = ("before", "check", "after")
MOST_PHOTOS = 12
"""Pictures of one phase that are printed: the others are looked at on a screen."""


def pictured(
    context: Context, attached: Sequence[Record], phases: Sequence[str] = PHASES, most: int = MOST_PHOTOS
) -> tuple[Block, ...]:
    """The pictures of each phase; a sentence where there is none at all.

    Parameters
    ----------
    attached
        Files of a case with their `phase`, as its sheet has them.
    most
        Of one phase.
    """
    found = [
        _phase(context, name, [one for one in attached if one["phase"] == name], most) for name in phases
    ]
    blocks = tuple(block for block in found if block is not None)
    return blocks or (Words("photos", context.t("photos_none")),)


def _phase(context: Context, name: str, those: Sequence[Record], most: int) -> Block | None:
    if not those:
        return None
    pictures = [one for one in those if one["kind"] != Kind.MP4]
    opened = [(one, _opened(context.connection, one["id"])) for one in pictures[:most]]
    photos = tuple(Photo(data, _caption(context, one)) for one, data in opened if data is not None)
    left = {
        "photos_films": len(those) - len(pictures),
        "photos_more": max(0, len(pictures) - most),
        "photos_gone": sum(data is None for _, data in opened),
    }
    note = " ".join(context.t(key, n=n) for key, n in left.items() if n)
    title = context.word(f"sheet.{name}")
    return Photos(name, photos, title, note) if photos else Words(name, note, title)


def _opened(connection: Connection, file_id: int) -> bytes | None:
    """A picture as large as a screen, which paper needs no larger; None where its bytes are gone."""
    try:
        with files.thumbnail(connection, file_id, PREVIEW).stream as stream:
            return stream.read()
    except (NotFoundError, UnavailableError):
        return None


def _caption(context: Context, one: Record) -> str:
    taken = at(context, one["taken_at"])
    away = one["distance_m"]
    return joined(
        context.word(f"field.{one['field']}"), f"#{one['version']}", taken,
        None if away is None else context.word("casework.away", m=round(away)),
    )  # fmt: skip

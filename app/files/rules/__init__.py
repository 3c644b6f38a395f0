"""What is taken, within which limits, and how a file is told apart, judged and, for films, cleaned."""

from app.files.rules.facts import Facts, Position
from app.files.rules.films import Film, clean_film
from app.files.rules.frames import Frame, frame_of
from app.files.rules.kinds import (
    CHUNK_BYTES,
    HEAD_BYTES,
    KEPT_AS,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_SECONDS,
    MOST_SIDE_PX,
    PREVIEW,
    THUMBNAIL,
    Kind,
    Small,
    kind_of,
    name_of,
)

__all__ = [
    "CHUNK_BYTES",
    "HEAD_BYTES",
    "KEPT_AS",
    "MOST_BYTES",
    "MOST_PIXELS",
    "MOST_SECONDS",
    "MOST_SIDE_PX",
    "PREVIEW",
    "THUMBNAIL",
    "Facts",
    "Film",
    "Frame",
    "Kind",
    "Position",
    "Small",
    "clean_film",
    "frame_of",
    "kind_of",
    "name_of",
]

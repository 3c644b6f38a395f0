"""Takes pictures and films in, made safe, and hands them out."""

from app.files.rules import PREVIEW, THUMBNAIL, Facts, Kind, Position
from app.files.service.opening import Opened, open_file, thumbnail
from app.files.service.taking import Cleaned, Taken, clean, keep, take_in

__all__ = [
    "PREVIEW",
    "THUMBNAIL",
    "Cleaned",
    "Facts",
    "Kind",
    "Opened",
    "Position",
    "Taken",
    "clean",
    "keep",
    "open_file",
    "take_in",
    "thumbnail",
]

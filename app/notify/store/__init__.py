"""Reads the log of moves as it grows, and who may see a case of which it tells."""

from app.notify.store.moved import changes, latest
from app.notify.store.reader import Cursor, LogRow, Page, begin, read

__all__ = ["Cursor", "LogRow", "Page", "begin", "changes", "latest", "read"]

"""The one blueprint of files that are sent, and what their pages have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage

from app.errors import InvalidError
from app.interop.service.staff.blanks import heading
from app.web.i18n import catalogue, translate
from app.web.pages import page_locale
from app.web.params import visible
from spatial.errors import SpatialError

blueprint = Blueprint("interop", __name__)

SHOWN = 200
"""Faults that a page lists."""

SLOWEST_S = 60.0
"""The rules of who may write what are asked of every row: a statement may take longer than on other pages."""


def sent() -> FileStorage:
    """The file that was sent.

    Raises
    ------
    InvalidError
        `upload_missing`.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidError("upload_missing")
    return upload


def name_of(upload: FileStorage) -> str:
    """What the sender calls a file, without the folders that some browsers tell."""
    return visible((upload.filename or "").replace("\\", "/").rpartition("/")[2])


def told(domain: str, code: str, facts: Any) -> str:
    """An error in words."""
    return translate(page_locale(), f"{domain}.{code}", **facts)


def unreadable(kind: str, error: SpatialError) -> str:
    """Why a file cannot be read, without the options of the command line, and with the headings of the form."""
    facts, locale = dict(error.facts), page_locale()
    if error.code == "column_missing" and kind != "ownership":
        names = str(facts["missing"]).split(", ")
        columns = (heading(locale, kind, name) for name in names)
        if kind == "reference":
            columns = (translate(locale, f"reference.column_{name}") for name in names)
        facts["missing"] = ", ".join(columns)
    own = f"source_{error.code}"
    if f"import.{own}" in catalogue("zh_CN"):
        return told("import", own, facts)
    return told("source", error.code, facts)

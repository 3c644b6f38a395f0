"""What is wrong with a row of somebody's file, in words."""

from __future__ import annotations

from app.web.i18n import translate
from spatial.errors import Fault


def sentence(locale: str, fault: Fault) -> str:
    """A fault in words."""
    facts = {**fault.facts, "row": fault.row, "field": fault.field, "value": fault.value}
    if fault.code.startswith("entry."):
        # What is wrong with an entry is said the same at every door; only a file has rows.
        said = translate(locale, fault.code, **facts)
        return translate(locale, "fault.entry", row=fault.row, field=fault.field, said=said)
    return translate(locale, f"fault.{fault.code}", **facts)

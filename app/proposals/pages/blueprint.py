"""The proposal pages' one blueprint, and the words that their modules say."""

from __future__ import annotations

from flask import Blueprint

from app.web.i18n import catalogue
from app.web.pages import page_locale

blueprint = Blueprint("proposals", __name__)

FAULTS = (
    "fault.plan_",
    "fault.overlap",
    "fault.gap",
    "fault.hole",
    "fault.outside_parent",
    "fault.area_shape",
)


def words() -> dict[str, str]:
    """The words of the page's modules, in its language."""
    known = catalogue(page_locale())
    return {
        key: said
        for key, said in known.items()
        if key.startswith(("proposal.", "error.proposal_", "error.draw_", *FAULTS))
    }

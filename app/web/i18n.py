"""Words: one catalogue for browser, API and command line, keyed by message id (`domain.name`).

The catalogues are gettext files, one a domain (`faults.po`, `cli.po`, `console.po` …), read as they stand, so
that there is no compile step to forget. A message may hold `{name}` places, filled by `str.format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale, negotiate_locale
from babel.messages.pofile import read_po

DEFAULT = "zh_CN"
LOCALES = ("zh_CN", "en")
FOLDER = Path(__file__).parent / "translations"


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Every message of a locale by its id; ids that are not translated yet are left out."""
    messages: dict[str, str] = {}
    for path in sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            messages |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return messages


def translate(locale: str, message: str, /, **facts: Any) -> str:
    """The sentence of a message id in a locale, its places filled; the id itself where no locale has it."""
    text = catalogue(locale).get(message) or catalogue(DEFAULT).get(message)
    return text.format(**facts) if text else message


def negotiate(preferred: Iterable[str]) -> str:
    """The first locale of ours that fits what a browser or an environment asks for, else Chinese."""
    wanted = [tag.replace("-", "_") for tag in preferred]
    found = negotiate_locale(wanted, LOCALES, aliases={"zh": "zh_CN"})
    if found:
        return found
    languages = [tag.split("_")[0] for tag in wanted]
    return next(
        (ours for tag in languages for ours in LOCALES if Locale.parse(ours).language == tag), DEFAULT
    )

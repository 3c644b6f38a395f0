"""Both languages have every word, with the same places, and the program asks for no word that is missing."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from app.web.i18n import FOLDER, LOCALES, catalogue

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = re.compile(r"盘龙区")


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_languages_have_the_same_words() -> None:
    chinese, english = (catalogue(locale) for locale in LOCALES)
    assert set(chinese) == set(english)


@pytest.mark.parametrize("message", sorted(catalogue("zh_CN")))
def test_message_holds_the_same_places(message: str) -> None:
    assert places(catalogue("zh_CN")[message]) == places(catalogue("en")[message])


def test_no_chinese_in_english() -> None:
    left = {k: v for k, v in catalogue("en").items() if CHINESE.search(SAME_IN_BOTH.sub("", v))}
    assert not left


def test_no_word_twice() -> None:
    for locale in LOCALES:
        ids = [
            name
            for path in (FOLDER / locale / "LC_MESSAGES").glob("*.po")
            for name in re.findall(r'^msgid "([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
        ]
        assert len(ids) == len(set(ids))


ROOMS = {"SourceError": "source", "CrsError": "source", "SpatialError": "source", "DataError": "question"}
"""Where the sentences of an error are, if not among the application's own."""


def asked() -> set[str]:
    """Ids of words that stand whole in the sources."""
    found: set[str] = set()
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "spatial").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= {f"fault.{code}" for code in re.findall(r'Fault\(\s*"([a-z0-9_]+)"', text)}
        found |= {f"note.{code}" for code in re.findall(r'(?:Note|report\.note)\(\s*"([a-z0-9_]+)"', text)}
        errors = re.findall(r'(SourceError|CrsError|[A-Z]\w+Error)\(\s*"([a-z0-9_]+)"', text)
        for kind, code in errors:
            if kind != "PlatformError":  # its words are the library's own: spatial/remedies.py
                found.add(f"{ROOMS.get(kind, 'error')}.{code}")
        found |= {f"question.{code}" for code in re.findall(r'refuse_rows\(\s*"([a-z0-9_]+)"', text)}
        found |= set(re.findall(r'(?:say|words|complain|step)\(\s*"([a-z_]+\.[a-z0-9_]+)"', text))
    for path in [*(ROOT / "app/web/static/js").rglob("*.js"), *(ROOT / "app/web/templates").glob("*.html")]:
        found |= set(re.findall(r"\bt\(\s*'([a-z_]+\.[a-z0-9_]*[a-z0-9])'", path.read_text(encoding="utf-8")))
    return found


def test_every_word_that_is_asked_for_is_there() -> None:
    assert not asked() - set(catalogue("zh_CN"))

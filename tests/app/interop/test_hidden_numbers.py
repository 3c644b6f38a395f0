"""Numbers of people are stars in all that is told of a file, however they are written; other numbers stay."""

from __future__ import annotations

import pytest

from app.interop.rules.preparing import hidden, hidden_facts
from tests.registered import identity, phone


@pytest.mark.parametrize("kind", ["person", "place", "organisation", "relation"])
@pytest.mark.parametrize(
    "said",
    [
        "{identity}",
        "{phone}",
        "电话{phone}转1",
        "{identity}x、{phone}",
        "+86 {phone}",
        "86-{phone}",
    ],
)
def test_no_number_is_told(kind: str, said: str) -> None:
    for n in range(50):
        told = hidden(kind, said.format(identity=identity(n), phone=phone(n))) or ""
        assert identity(n) not in told
        assert phone(n) not in told
        assert "*" in told


@pytest.mark.parametrize("between", ["-", " ", ""])
def test_however_it_is_parted(between: str) -> None:
    parted = between.join(("138", "0013", "8000"))
    assert hidden("place", parted) == "*" * 11
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in parted)
    assert hidden("place", wide) == "*" * 11


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("object", "5301990305000001"),
        ("organisation", "91530199000000012K"),
        ("place", "青年路 12 号 3 栋 502"),
        ("person", "1990-13-45"),
        ("place", "102.712345"),
        ("place", None),
    ],
)
def test_what_is_no_number_of_anybody_stays(kind: str, said: str | None) -> None:
    assert hidden(kind, said) == said


def test_facts_are_told_the_same_way() -> None:
    assert hidden_facts("person", {"need": phone(1), "row": 5}) == {"need": "*" * 11, "row": 5}

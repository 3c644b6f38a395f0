"""How a person is shown to those who need not know more: enough to tell two apart who stand before one."""

from __future__ import annotations

MASK = "*"

COMPOUND_SURNAMES = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容",
        "宇文", "长孙", "司徒", "夏侯", "端木", "南宫", "百里", "呼延", "轩辕", "独孤",
    }
)  # fmt: skip


def mask_name(name: str) -> str:
    """姓, and a star for each other letter; of a name in Latin letters the first one of each word.

    >>> mask_name("王小明"), mask_name("欧阳明"), mask_name("Anna Li")
    ('王**', '欧阳*', 'A*** L*')
    """
    if name.isascii():
        return " ".join(word[:1] + MASK * (len(word) - 1) for word in name.split())
    shown = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    # A name of one letter would be shown whole.
    return name[:shown] + MASK * max(1, len(name) - shown)


def mask_identity(number: str) -> str:
    """The first and the last character: neither where nor when somebody was born.

    >>> mask_identity("11010519491231002X")
    '1****************X'
    """
    return number[:1] + MASK * max(0, len(number) - 2) + number[-1:]


def mask_phone(number: str) -> str:
    """The last four digits of a long one, nothing of a short one.

    >>> mask_phone("13800001234"), mask_phone("110")
    ('*******1234', '***')
    """
    shown = 4 if len(number) >= 8 else 0
    return MASK * (len(number) - shown) + number[len(number) - shown :]


FEWEST = 5
"""Counts of people below this are told to nobody who is not at work for them: a few are soon recognised."""


def suppressed(count: int) -> int | None:
    """A count of people as the public may know it: None where there are one to four of them."""
    return count if count == 0 or count >= FEWEST else None

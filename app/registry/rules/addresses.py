"""Chinese addresses 地址: written one way, and taken apart into area, street, compound, building, entrance and room.

People write 十二幢, 12号楼 and 12# for one building, and leave out whatever goes without saying. What is compared is
therefore not the text but its parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields

DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100}
COUNTED = "栋幢座号单楼层室组弄巷区期"
"""Letters before which a number stands in digits: 一二一大街 is a name, 一二一号 a number."""

_CHINESE_NUMBER = re.compile(rf"[零〇一二两三四五六七八九十百]+(?=[{COUNTED}]|单元|号楼)")
_DROPPED = re.compile(r"[\s,，。.、;；:：()（）\[\]【】“”\"'·]+")
_BUILDING = re.compile(r"(?<![0-9A-Z])([0-9]{1,4}|[A-Z][0-9]{0,2})(?:栋|幢|座|号楼|#楼?)")
_ENTRANCE = re.compile(r"([0-9]{1,2}|[A-Z])单元")
_FLOOR = re.compile(r"(?<![0-9])(-?[0-9]{1,2})[层楼](?=[0-9]|$)")
_ROOM = re.compile(r"([0-9]{1,2}-)?([0-9]{3,4}|[0-9]{1,2}(?=室))(?:室|号房|房|号)?$")
_DASHES = re.compile(r"([0-9]{1,3})-([0-9]{1,2})-([0-9]{3,4})$")
_NUMBER = re.compile(r"([0-9]{1,5})(?:-[0-9]{1,3})?号(?!楼|线|院楼)")
_STREET = re.compile(r"^(.{1,14}?(?:大道|大街|路|街|巷|弄|道|胡同))")
_PREFIXES = ("中国", "云南省", "云南", "昆明市", "昆明")


def _to_digits(match: re.Match[str]) -> str:
    written = match[0]
    if not any(letter in PLACES for letter in written):
        return "".join(str(DIGITS[letter]) for letter in written)
    total, digit = 0, 0
    for letter in written:
        if letter in PLACES:
            total += (digit or (1 if not total else 0)) * PLACES[letter]
            digit = 0
        else:
            digit = DIGITS[letter]
    return str(total + digit)


def plain(text: str) -> str:
    """An address in one way of writing: half-width, capital letters, no blanks, numbers in digits, 栋 for a building.

    >>> plain("联盟街道 金菊路社区，江东花园十二幢 三单元 ５０２")
    '联盟街道金菊路社区江东花园12栋3单元502'
    """
    found = _DROPPED.sub("", unicodedata.normalize("NFKC", text)).upper()
    found = re.sub(r"[‐‑–—―－~～]", "-", found)
    found = _CHINESE_NUMBER.sub(_to_digits, found)
    return _BUILDING.sub(r"\1栋", found)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, each as `plain` writes it, empty where it is not named.

    Parameters
    ----------
    area
        The narrowest area that is named, of those that `read` was told of.
    street, number
        文艺路, 12: house numbers, not those of buildings.
    compound
        What stands between street or area and the building: a compound, a courtyard, a village, a house by its name.
    building, entrance, floor, room
        12 of 12栋, 3 of 3单元, 5 of 5层, 502.
    """

    area: str = ""
    street: str = ""
    number: str = ""
    compound: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""

    @property
    def house(self) -> str:
        """What names the building, however the address goes on inside it."""
        number, building = self.number and f"{self.number}号", self.building and f"{self.building}栋"
        return f"{self.street}{number}{self.compound}{building}"

    def differing(self, other: Address) -> tuple[str, ...]:
        """The parts that both name, and name differently."""
        pairs = ((part.name, getattr(self, part.name), getattr(other, part.name)) for part in fields(self))
        return tuple(name for name, ours, theirs in pairs if ours and theirs and ours != theirs)


def _cut(text: str, pattern: re.Pattern[str], group: int = 1) -> tuple[str, str, str]:
    """What stands before the last match of a pattern, what it says, and what stands after it."""
    *_, match = [None, *pattern.finditer(text)]
    return (text, "", "") if match is None else (text[: match.start()], match[group], text[match.end() :])


def read(text: str, areas: Iterable[str] = ()) -> Address:
    """Take an address apart.

    Parameters
    ----------
    areas
        Names of the areas that may stand at its beginning, as they are written in full: 盘龙区, 联盟街道, 金菊路社区.
    """
    rest, area = without_areas(plain(text), sorted(areas, key=len, reverse=True))
    rest = _DASHES.sub(r"\1栋\2单元\3", rest)
    before, building, after = _cut(rest, _BUILDING)
    inside = after if building else rest
    ahead, entrance, behind = _cut(inside, _ENTRANCE)
    if entrance:
        inside = behind
        before = before if building else ahead
    elif not building:
        before = inside
    floor, room = "", ""
    if building or entrance:
        inside, floor, tail = _cut(inside, _FLOOR)
        _, room, _ = _cut(tail or inside, _ROOM, 2)
    street, number, compound = _outside(before)
    return Address(area, street, number, compound, building, entrance, floor, room)


def without_areas(text: str, areas: list[str]) -> tuple[str, str]:
    """An address without the areas at its beginning, and the last of them; longer names have to come first."""
    area, found = "", True
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    while found:
        found = False
        for name in areas:
            if name and text.startswith(name):
                text, area, found = text[len(name) :], name, True
                break
    return text, area


def _outside(text: str) -> tuple[str, str, str]:
    """Street, house number and compound of what stands before the building."""
    head, number, tail = _cut(text, _NUMBER)
    if number:
        match = _STREET.match(head)
        street = match[1] if match else ""
        return street, number, head[len(street) :] + tail
    match = _STREET.match(text)
    # 金菊路小区 is a compound that is called after a street, 文艺路江东花园 one that stands at it.
    if match and len(text) > len(match[1]) + 2:
        return match[1], "", text[len(match[1]) :]
    return "", "", text


def pairs(text: str) -> frozenset[str]:
    """Every two letters that stand beside each other: what texts without blanks are compared by."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text} if text else ())


def likeness(one: str, other: str) -> float:
    """How alike two texts are by their pairs of letters, 0 to 1 (Dice's coefficient)."""
    ours, theirs = pairs(one), pairs(other)
    if not ours or not theirs:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))

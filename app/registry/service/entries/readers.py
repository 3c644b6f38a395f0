"""From what somebody wrote to the value of a field. All raise ValueError for what they cannot read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.registry.rules.kinds import HouseholdRelation, ObjectState
from app.registry.service.persons import identity_of, phone_of
from app.writing import plain, read_day, read_phone, read_text
from spatial.codes import is_citizen_number, is_credit_code

EARLIEST_BIRTH, EARLIEST_YEAR = 1890, 1000
"""Years before which a day of birth, and the first day of a building, are slips of the pen."""

_DECIMAL = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,20})?", re.ASCII)

STATE_WORDS = {
    ObjectState.INTACT: "完好", ObjectState.DAMAGED: "破损", ObjectState.LOST: "丢失",
    ObjectState.ABANDONED: "废弃", ObjectState.REMOVED: "移除",
}  # fmt: skip
HOUSEHOLD_WORDS: Mapping[HouseholdRelation, tuple[str, ...]] = {
    HouseholdRelation.HEAD: ("户主", "本人"),
    HouseholdRelation.SPOUSE: ("配偶", "夫", "妻"),
    HouseholdRelation.CHILD: ("子女", "子", "女", "儿子", "女儿"),
    HouseholdRelation.GRANDCHILD: ("孙子女", "孙子", "孙女", "外孙", "外孙女"),
    HouseholdRelation.PARENT: ("父母", "父", "母", "父亲", "母亲"),
    HouseholdRelation.GRANDPARENT: ("祖父母", "祖父", "祖母", "外祖父", "外祖母"),
    HouseholdRelation.SIBLING: ("兄弟姐妹", "兄", "弟", "姐", "妹"),
    HouseholdRelation.OTHER: ("其他", "非亲属"),
}
_STATES = {said: state for state, word in STATE_WORDS.items() for said in (word, state.value)}
_HOUSEHOLD = {said: one for one, words in HOUSEHOLD_WORDS.items() for said in (*words, one.value)}


def read_credit(raw: str) -> str:
    """统一社会信用代码, 18 characters with the right check character."""
    code = plain(raw).upper()
    if not is_credit_code(code):
        raise ValueError(raw)
    return code


def read_identity(raw: str) -> str:
    """公民身份号码, 18 characters with the right check character, of somebody who was born on a day."""
    number = identity_of(raw)
    if not is_citizen_number(number):
        raise ValueError(raw)
    born_on_of(number)
    return number


def born_on_of(identity: str) -> date:
    """The day of birth that an identity number says."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))


def read_number(raw: str) -> float:
    """A decimal number in digits: neither 1e3 nor 1_000."""
    if _DECIMAL.fullmatch(plain(raw)) is None:
        raise ValueError(raw)
    return float(plain(raw))


def read_whole(raw: str) -> int:
    """A whole number, as a workbook may keep it: 6 or 6.0."""
    found = read_number(raw)
    if found != int(found):
        raise ValueError(raw)
    return int(found)


def within(read: Callable[[str], Any], least: float, most: float) -> Callable[[str], Any]:
    def reader(raw: str) -> Any:
        found = read(raw)
        if not least <= found <= most:
            raise ValueError(raw)
        return found

    return reader


def read_floor(raw: str) -> int:
    found = int(within(read_whole, -20, 200)(raw))
    if not found:
        raise ValueError(raw)
    return found


def read_height(raw: str) -> float:
    found = read_number(raw)
    if not 0 < found < 1000:
        raise ValueError(raw)
    return found


def read_phone_number(raw: str) -> str:
    return phone_of(read_phone(raw))


def read_code(raw: str) -> str:
    code = plain(raw).upper()
    if not code.isascii() or any(letter.isspace() for letter in code):
        raise ValueError(raw)
    return code


def one_of(words: Mapping[str, StrEnum]) -> Callable[[str], str]:
    def reader(raw: str) -> str:
        found = words.get(plain(raw).casefold())
        if found is None:
            raise ValueError(raw)
        return found.value

    return reader


def read_old_day(raw: str) -> date:
    return read_day(raw, EARLIEST_YEAR)


def read_birth(raw: str) -> date:
    return read_day(raw, EARLIEST_BIRTH)


def read_list(raw: str) -> tuple[str, ...]:
    """Words between commas of either kind, each once."""
    said = plain(raw).replace("、", ",").replace(";", ",").replace("，", ",")
    return tuple(dict.fromkeys(word.strip() for word in read_text(said).split(",") if word.strip()))


read_state = one_of(_STATES)
read_household_relation = one_of(_HOUSEHOLD)

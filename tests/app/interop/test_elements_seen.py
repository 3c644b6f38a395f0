"""What a file has named before is known again, however much it names."""

from __future__ import annotations

import random

from app.interop.service.elements.checks import Seen


def test_the_first_row_of_each_key_is_told() -> None:
    dice, seen, first = random.Random(6), Seen(), dict[str, int]()
    for row in range(1, 30_001):
        key = f"BENCH-{dice.randrange(20_000)}"
        (*wrong,) = seen.again("code", key, row)
        before = first.setdefault(key, row)
        assert [one.facts for one in wrong] == ([] if before == row else [{"first_row": before}])
        assert all((one.field, one.code) == ("code", "code_twice") for one in wrong)


def test_nothing_said_is_nothing_twice_and_bytes_are_keys_too() -> None:
    seen = Seen()
    assert seen.again("code", None, 1) == seen.again("code", None, 2) == []
    assert seen.again("identity", b"\x00\xff", 3) == []
    (wrong,) = seen.again("identity", b"\x00\xff", 4)
    assert wrong.facts == {"first_row": 3}

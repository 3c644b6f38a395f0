"""The same, alike, or two things."""

from __future__ import annotations

import pytest

from app.registry.rules.sameness import Record, Thicket, alike, same

LAT = 25.05
METRE = 1 / 111_320


def thing(name: str, address: str = "", key: int = 1, **said: object) -> Record:
    return Record(key, "building", name, address, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (thing("江东花园十二幢"), thing("江东花园 12栋")),
        (thing("老王米线", "文艺路十二号"), thing("老王米线", "文艺路12号")),
        (
            thing("502", entrance="3", room="502", sited=True),
            thing("别名", entrance="3", room="５０２", sited=True),
        ),
        (thing("路灯", lon=102.7, lat=LAT), thing("路灯", lon=102.7, lat=LAT + METRE)),
        (thing("路灯", lon=102.7, lat=LAT), thing("路灯")),
    ],
)
def test_the_same(one: Record, other: Record) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (thing("江东花园12栋"), thing("江东花园13栋")),
        (
            thing("502", entrance="3", room="502", sited=True),
            thing("502", entrance="2", room="502", sited=True),
        ),
        (thing("老王米线", "文艺路12号"), thing("老王米线", "文艺路14号")),
        (thing("老王米线", "文艺路12号"), thing("小明理发", "文艺路12号")),
        (thing("路灯", lon=102.7, lat=LAT), thing("路灯", lon=102.7, lat=LAT + 15 * METRE)),
    ],
)
def test_two_things(one: Record, other: Record) -> None:
    assert not same(one, other)
    assert alike(one, other) == 0
    assert Thicket([other]).alike(one, 5) == []


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        (thing("江东花园小区12栋"), thing("江东花园12栋"), 0.7),
        (thing("老王米线", "文艺路12号"), thing("老王米线"), 0.99),
        (thing("老王过桥米线", "文艺路12号"), thing("老王米线", "文艺路12号"), 0.5),
        (thing("路灯", lon=102.7, lat=LAT), thing("路灯", lon=102.7, lat=LAT + 5 * METRE), 0.99),
    ],
)
def test_somebody_has_to_look(one: Record, other: Record, least: float) -> None:
    assert not same(one, other)
    assert alike(one, other) >= least
    assert [found for _, found in Thicket([other]).alike(one, 5)] == [other]


def test_like_ones_are_found_among_many() -> None:
    many = [thing(f"模拟第{n}商行有限公司", f"文艺路{n}号", key=n) for n in range(1, 400)]
    thicket = Thicket([*many, thing("盘江建材市场东门仓库", key=900)])
    assert [found.key for _, found in thicket.alike(thing("盘江建材市场东门仓"), 5)] == [900]
    assert [found.key for found in thicket.same(thing("模拟第7商行有限公司", "文艺路7号"))] == [7]
    brute = [one.key for one in many if alike(thing("模拟第8商行有限公司", "文艺路"), one)]
    assert [found.key for _, found in thicket.alike(thing("模拟第8商行有限公司", "文艺路"), 9)] == brute

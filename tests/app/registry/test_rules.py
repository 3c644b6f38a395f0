"""Masks, kinds and addresses, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.rules.addresses import Address, likeness, read
from app.registry.rules.kinds import ENDS, ElementKind, RelationKind, fits
from app.registry.rules.masks import mask_identity, mask_name, mask_phone, suppressed

AREAS = ["盘龙区", "联盟街道", "金菊路社区"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("李", "李*"),
        ("Anna Li", "A*** L*"),
        ("𠮷田", "𠮷*"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_numbers() -> None:
    assert mask_identity("11010519491231002X") == "1" + "*" * 16 + "X"
    assert mask_phone("13800001234") == "*******1234"
    assert mask_phone("110") == "***"
    assert [suppressed(n) for n in (0, 1, 4, 5, 90)] == [0, None, None, 5, 90]


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_no_name_is_shown_whole(name: str) -> None:
    assert (
        mask_name(name) != name or "*" in name or len(name.split()) > 1 or (name.isascii() and len(name) == 1)
    )


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (
            "联盟街道 金菊路社区，江东花园十二幢 三单元 ５０２",
            Address("金菊路社区", compound="江东花园", building="12", entrance="3", room="502"),
        ),
        (
            "昆明市盘龙区联盟街道金菊路社区文艺路12号江东花园3栋2单元5层501室",
            Address("金菊路社区", "文艺路", "12", "江东花园", "3", "2", "5", "501"),
        ),
        ("文艺路12号", Address(street="文艺路", number="12")),
        ("江东花园12-3-502", Address(compound="江东花园", building="12", entrance="3", room="502")),
        ("江东花园12号楼", Address(compound="江东花园", building="12")),
        ("金菊路小区A座1203", Address(compound="金菊路小区", building="A", room="1203")),
        ("一二一大街298号3#", Address(street="一二一大街", number="298", building="3")),
        ("白塔路二十一号", Address(street="白塔路", number="21")),
        ("江东花园一百零八栋", Address(compound="江东花园", building="108")),
    ],
)  # fmt: skip
def test_addresses(written: str, parts: Address) -> None:
    assert read(written, AREAS) == parts


def test_ways_to_write_one_building() -> None:
    houses = {
        read(text).house
        for text in ("江东花园12栋", "江东花园十二幢", "江东花园12号楼", "江东花园 12#", "江东花园１２座")
    }
    assert houses == {"江东花园12栋"}
    assert read("江东花园12栋").differing(read("江东花园13栋502")) == ("building",)
    assert read("江东花园12栋").differing(read("江东花园12栋502")) == ()


@given(st.text(max_size=60))
def test_whatever_is_written_is_read(text: str) -> None:
    assert isinstance(read(text), Address)
    assert 0 <= likeness(text, "江东花园12栋") <= 1


def test_relations_go_where_they_make_sense() -> None:
    assert set(ENDS) == set(RelationKind)
    assert fits(RelationKind.LIVES_IN, ElementKind.PERSON, ElementKind.PLACE)
    assert not fits(RelationKind.LIVES_IN, ElementKind.ORGANISATION, ElementKind.PLACE)
    assert fits(RelationKind.CONCERNS, None, ElementKind.OBJECT)
    assert not fits(RelationKind.CONCERNS, ElementKind.PLACE, ElementKind.OBJECT)

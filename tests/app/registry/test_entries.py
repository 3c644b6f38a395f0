"""What is taken of an entry, and every fault of one that is wrong in many ways."""

from __future__ import annotations

from datetime import date

import pytest

from app.registry.rules.kinds import ElementKind
from app.registry.service.entries import FIELDS, SEALED, Words, read_entry
from app.web.i18n import LOCALES, translate
from tests.registered import credit, identity

TODAY = date(2026, 11, 25)
WORDS = Words(
    {
        ElementKind.PERSON: {"resident": "resident"},
        ElementKind.PLACE: {"building": "building", "楼栋": "building"},
        ElementKind.OBJECT: {"路灯": "0137", "0137": "0137"},
        ElementKind.ORGANISATION: {"企业": "enterprise"},
    },
    {"独居": "lives_alone", "lives_alone": "lives_alone", "助餐": "meal_service"},
)
RIGHT = {
    ElementKind.PLACE: {
        "type": "楼栋", "name": "江东花园12栋", "lon": "102.72", "lat": "２５.04", "floors": "6.0", "floors_below": "1",
        "height_m": "18.5", "valid_from_on": "1998年5月1日", "valid_to_on": "",
    },
    ElementKind.OBJECT: {
        "type": "路灯", "code": "5301030137000001", "name": "路灯1", "state": "破损", "department_code": credit(7),
    },
    ElementKind.ORGANISATION: {
        "type": "企业", "code": credit(3).lower(), "name": "云南某公司", "phone": "0871-6331 2345",
        "filed_on": "2020-01-01", "registered_on": "2020/6/1",
    },
    ElementKind.PERSON: {
        "name": "王小明", "identity": identity(5).lower(), "phone": "199 0000 0000", "born_on": "1955-01-01",
        "needs": "独居、助餐,lives_alone", "household_relation": "户主", "legal_basis": "老年人权益保障法",
        "retain_until_on": "2027-11-25",
    },
}  # fmt: skip

WRONG = [
    (ElementKind.PLACE, {"type": "城堡"}, {("type", "type_unknown")}),
    (ElementKind.PLACE, {"name": " "}, {("name", "value_missing")}),
    (ElementKind.PLACE, {"name": "楼" * 121}, {("name", "text_too_long")}),
    (ElementKind.PLACE, {"name": "楼\x00"}, {("name", "text_unreadable")}),
    (ElementKind.PLACE, {"lon": "1e2"}, {("lon", "lon_unreadable"), ("lon", "point_half")}),
    (ElementKind.PLACE, {"lat": "91"}, {("lat", "lat_unreadable"), ("lat", "point_half")}),
    (ElementKind.PLACE, {"lat": ""}, {("lat", "point_half")}),
    (ElementKind.PLACE, {"floors": "0"}, {("floors", "floors_unreadable")}),
    (ElementKind.PLACE, {"floors": "6.5"}, {("floors", "floors_unreadable")}),
    (ElementKind.PLACE, {"floor": "0"}, {("floor", "floor_unreadable")}),
    (ElementKind.PLACE, {"height_m": "0"}, {("height_m", "height_unreadable")}),
    (ElementKind.PLACE, {"valid_to_on": "1998-05-01"}, {("valid_to_on", "days_reversed")}),
    (ElementKind.OBJECT, {"code": "5301030138000001"}, {("code", "component_code_wrong")}),
    (ElementKind.OBJECT, {"code": "530103 0137"}, {("code", "code_unreadable")}),
    (ElementKind.OBJECT, {"state": "好"}, {("state", "state_unreadable")}),
    (ElementKind.ORGANISATION, {"code": "9" * 18}, {("code", "credit_code_wrong")}),
    (ElementKind.ORGANISATION, {"registered_on": "2019-12-31"}, {("registered_on", "registered_before_filed")}),
    (ElementKind.ORGANISATION, {"phone": "打电话"}, {("phone", "phone_unreadable")}),
    (ElementKind.PERSON, {"identity": "53019919550101000X1"}, {("identity", "identity_wrong")}),
    (ElementKind.PERSON, {"born_on": "1955-01-02"}, {("born_on", "born_otherwise")}),
    (ElementKind.PERSON, {"born_on": "2026-11-26", "identity": ""}, {("born_on", "born_later")}),
    (ElementKind.PERSON, {"needs": "独居、吸毒"}, {("needs", "need_unknown")}),
    (ElementKind.PERSON, {"retain_until_on": "2026-11-24"}, {("retain_until_on", "retention_over")}),
    (ElementKind.PERSON, {"household_relation": "朋友"}, {("household_relation", "household_relation_unreadable")}),
    (
        ElementKind.PERSON,
        {"name": "", "phone": "1", "legal_basis": "", "retain_until_on": "2026-02-30"},
        {
            ("name", "value_missing"), ("phone", "phone_unreadable"), ("legal_basis", "value_missing"),
            ("retain_until_on", "day_unreadable"),
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize("kind", ElementKind)
def test_what_is_right_is_read(kind: ElementKind) -> None:
    values, faults = read_entry(kind, RIGHT[kind], WORDS, TODAY)
    assert faults == []
    assert set(values) == {one.name for one in FIELDS[kind]}


def test_values() -> None:
    values, _ = read_entry(ElementKind.PLACE, RIGHT[ElementKind.PLACE], WORDS, TODAY)
    assert (values["type"], values["lat"], values["floors"], values["valid_to_on"]) == (
        "building",
        25.04,
        6,
        None,
    )
    assert values["valid_from_on"] == date(1998, 5, 1)
    values, _ = read_entry(ElementKind.PERSON, RIGHT[ElementKind.PERSON], WORDS, TODAY)
    assert values["needs"] == ("lives_alone", "meal_service")
    assert values["identity"] == identity(5)
    assert values["phone"] == "19900000000"


@pytest.mark.parametrize(("kind", "said", "expected"), WRONG)
def test_every_fault_is_named(
    kind: ElementKind, said: dict[str, str], expected: set[tuple[str, str]]
) -> None:
    _, faults = read_entry(kind, {**RIGHT[kind], **said}, WORDS, TODAY)
    assert {(wrong.field, wrong.code) for wrong in faults} == expected


def test_every_fault_has_words() -> None:
    codes = {one.wrong for fields in FIELDS.values() for one in fields} | {
        code for _, _, faults in WRONG for _, code in faults
    }
    for locale in LOCALES:
        for code in codes:
            facts = {"length": 1, "most": 1, "type": "1", "need": "x"}
            assert translate(locale, f"entry.{code}", **facts) != f"entry.{code}"


def test_sealed_fields_are_fields() -> None:
    for kind, names in SEALED.items():
        assert names <= {one.name for one in FIELDS[kind]}

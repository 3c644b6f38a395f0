"""The units that the reference data know, and a sub-centre for each subdistrict."""

from __future__ import annotations

import csv
from datetime import time

from sqlalchemy import Connection

from app.errors import UnavailableError
from app.settings import ROOT
from app.staffing import store
from app.staffing.rules import UnitKind

REFERENCE = ROOT / "data" / "reference" / "units.csv"
OPENS_AT, CLOSES_AT = time(8), time(22)
"""The hours of a sub-centre's desk; outside them the command centre serves it, until the district sets it otherwise."""


def add_reference_units(
    connection: Connection, district_id: int, *, simulated: bool = False
) -> dict[str, int]:
    """Make the command centre, the departments and the sub-centres that are not there yet; their ids by code.

    A unit whose kind is a territory's or a community's stands in the reference data for many, one of each area, and is
    not made here.

    Raises
    ------
    UnavailableError
        `reference_missing`.
    """
    root = store.named_areas(connection, district_id, "district")
    known = store.unit_ids(connection, district_id)
    common = {"district_id": district_id, "simulated": simulated}
    for row in _reference():
        kind = UnitKind(row["kind"])
        if kind in {UnitKind.TERRITORY, UnitKind.COMMUNITY} or row["code"] in known:
            continue
        whole = root[0].no if root and kind is UnitKind.COMMAND else None
        store.add_unit(
            connection,
            code=row["code"],
            name=row["name"],
            full_name=row["full_name"],
            name_en=row["name_en"],
            kind=kind.value,
            duties=row["duties"],
            area_no=whole,
            **common,
        )
    found = store.unit_ids(connection, district_id)
    for area in store.named_areas(connection, district_id, "subdistrict"):
        if (code := sub_centre_code(area.code)) in found:
            continue
        store.add_unit(
            connection,
            code=code,
            name=f"{area.name}分中心",
            name_en=_in_english(area),
            kind=UnitKind.SUB_CENTRE.value,
            parent_id=found.get("command_centre"),
            area_no=area.no,
            opens_at=OPENS_AT,
            closes_at=CLOSES_AT,
            night_unit_id=found.get("command_centre"),
            **common,
        )
    return store.unit_ids(connection, district_id)


def _in_english(area: store.NamedArea) -> str:
    if area.name_en is None:
        return f"Sub-centre {area.code}"
    return f"{area.name_en.removesuffix(' Subdistrict')} Sub-centre"


def sub_centre_code(subdistrict: str) -> str:
    """Code of the sub-centre 街道分中心 of a subdistrict."""
    return f"sub_centre_{subdistrict}"


def _reference() -> list[dict[str, str]]:
    try:
        with REFERENCE.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise UnavailableError("reference_missing", path=str(REFERENCE)) from error

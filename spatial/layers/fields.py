"""What the fields of users' area layers and tables of cases are, and by which names their columns are known.

A user's own word (`SourceOptions.fields`) always wins over these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from spatial.errors import SourceError

Names = Mapping[str, tuple[str, ...]]

AREA_FIELDS: Names = MappingProxyType(
    {
        "code": (
            "code",
            "编码",
            "代码",
            "网格编码",
            "区划代码",
            "行政区划代码",
            "admincode",
            "adcode",
            "area_code",
            "id",
        ),
        "name": ("name", "名称", "网格名称", "社区名称", "街道名称", "area_name", "neighborhood", "mc"),
        "parent_code": ("parent_code", "parent", "上级编码", "上级代码", "上级", "所属社区编码", "所属社区"),
        "kind": ("kind", "类型", "网格类型", "type"),
        "households": ("households", "户数", "总户数", "household"),
        "name_en": ("name_en", "英文名", "英文名称"),
        "wkt": ("wkt", "geometry", "geom", "the_geom", "几何", "边界"),
    }
)
AREA_REQUIRED = ("name",)

CASE_FIELDS: Names = MappingProxyType(
    {
        "external_ref": (
            "external_ref",
            "ext_ref",
            "案件编号",
            "工单编号",
            "事件编号",
            "任务号",
            "编号",
            "单号",
            "case_enquiry_id",
            "service_request_id",
            "case_id",
            "unique_key",
            "ref",
            "id",
        ),
        "category": (
            "category",
            "类别",
            "小类",
            "案件类别",
            "事件类型",
            "问题类型",
            "案件类型",
            "小类名称",
            "分类",
            "type",
            "case_type",
            "complaint_type",
            "service_name",
            "类型",
        ),
        "state": ("state", "状态", "案件状态", "处置状态", "办理状态", "status", "case_status"),
        "source": ("source", "来源", "问题来源", "上报渠道", "上报来源", "渠道", "channel"),
        "address": (
            "address",
            "地址",
            "事发地址",
            "地点",
            "事发地点",
            "位置",
            "位置描述",
            "location",
            "incident_address",
        ),
        "description": ("description", "descr", "描述", "问题描述", "内容", "事件描述", "case_title"),
        "reported_at": (
            "reported_at",
            "reported",
            "上报时间",
            "上报日期",
            "报告时间",
            "受理时间",
            "立案时间",
            "发现时间",
            "创建时间",
            "open_dt",
            "created_at",
            "created_date",
            "requested_datetime",
            "opened",
            "open_date",
        ),
        "due_at": ("due_at", "due", "截止时间", "处置截止时间", "时限", "到期时间", "target_dt", "due_date"),
        "closed_at": (
            "closed_at",
            "closed",
            "结案时间",
            "办结时间",
            "完成时间",
            "关闭时间",
            "closed_dt",
            "closed_date",
        ),
        "lon": ("lon", "longitude", "lng", "long", "经度", "x", "x坐标", "x_coord"),
        "lat": ("lat", "latitude", "纬度", "y", "y坐标", "y_coord"),
    }
)
CASE_REQUIRED = ("category", "reported_at")


def plain(name: str) -> str:
    """A column's name as names are compared: no case, no spaces, no joining marks."""
    return re.sub(r"[\s_\-.()（）]+", "", name.strip().casefold())


def resolve(
    columns: Sequence[str], known: Names, required: Sequence[str], chosen: Mapping[str, str]
) -> dict[str, str]:
    """Which of a user's columns holds each field.

    Parameters
    ----------
    columns
        The user's columns.
    known, required
        Fields with the names that they go by, the best first; those that must be there.
    chosen
        Field and column as the user says.

    Returns
    -------
    Field and column, for the fields that were found.

    Raises
    ------
    SourceError
        `field_unknown`: there is no such field; `column_missing`: all that are missing, and the columns there are.
    """
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise SourceError("field_unknown", fields=", ".join(unknown), known=", ".join(known))
    absent = [column for column in chosen.values() if column not in columns]
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(plain(column), column)
    found = {field: column for field, column in chosen.items() if column in columns}
    taken = set(found.values())
    for field, names in known.items():
        if field in chosen:
            continue
        candidates = (by_name[plain(name)] for name in names if plain(name) in by_name)
        free = next((column for column in candidates if column not in taken), None)
        if free is not None:
            found[field] = free
            taken.add(free)
    missing = absent + [field for field in required if field not in found and field not in chosen]
    if missing:
        raise SourceError("column_missing", missing=", ".join(missing), columns=", ".join(columns)[:400])
    return found

"""Which columns of people are not taken: what they mean, not which letters are in them."""

from __future__ import annotations

import pytest

from app.interop.rules.elements import refused


@pytest.mark.parametrize(
    "header",
    ["性别", " 性 别 ", "民族", "民族成份", "政治面貌", "是否党员", "宗教信仰", "婚姻状况", "学历", "诊断结果", "刑期",
     "刑满释放日期", "是否服刑", "位置", "当前位置", "实时位置信息", "备注", "备注1", "其他备注", "备注：",
     "重点人员类别", "活动轨迹", "人脸照片",
     "sex", "Gender", "ethnicity", "political_status", "last_location", "location", "remarks",
     "criminal record", "face image"],
)  # fmt: skip
def test_what_is_not_kept(header: str) -> None:
    assert refused([header]) == [header]


@pytest.mark.parametrize(
    "header",
    ["姓名", "房屋位置", "楼栋位置", "现住地址", "地址备注", "民族路门牌", "刑家巷门牌", "邢台路", "服务需求",
     "出生日期", "户号",
     "name", "address", "third_floor", "facet", "movable", "property", "location_code", "sextant", "trackside"],
)  # fmt: skip
def test_what_only_sounds_so(header: str) -> None:
    assert refused([header]) == []

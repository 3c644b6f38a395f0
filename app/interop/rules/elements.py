"""By which names the columns of elements are known, after GB/T 31000 and common usage; and which are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from app.interop.rules.rosters import Names
from app.registry.rules.kinds import ElementKind

_DROPPED = re.compile(r"[\s*:：]+")
_PLACED: Names = {
    "address": ("address", "地址", "详细地址", "位置", "坐落"),
    "lon": ("lon", "经度", "longitude", "lng", "x"),
    "lat": ("lat", "纬度", "latitude", "y"),
    "site": ("site", "所在", "所在场所", "所属建筑", "所在楼栋", "所属小区"),
    "area": ("area", "网格编码", "网格", "单元网格", "社区编码", "所属网格", "cell"),
    "unit": ("unit", "责任单位", "管理单位"),
}
_DAYS: Names = {
    "valid_from_on": ("valid_from_on", "起始日期", "初始时间", "建成日期", "成立日期"),
    "valid_to_on": ("valid_to_on", "终止日期", "变更时间", "拆除日期", "注销日期"),
}

HEADERS: Mapping[ElementKind, Names] = {
    ElementKind.PLACE: {
        "type": ("type", "类型", "地点类型", "场所类型"),
        "code": ("code", "标识码", "编码", "代码", "建筑物编码"),
        "name": ("name", "名称", "建筑物名称", "小区名称"),
        **_PLACED,
        "floors": ("floors", "地上层数", "层数", "楼层数"),
        "floors_below": ("floors_below", "地下层数"),
        "height_m": ("height_m", "高度", "建筑高度"),
        "entrance": ("entrance", "单元"),
        "floor": ("floor", "所在楼层", "楼层"),
        "room": ("room", "室号", "房号", "室"),
        **_DAYS,
    },
    ElementKind.OBJECT: {
        "type": ("type", "类型", "小类", "小类代码", "部件类型"),
        "code": ("code", "标识码", "部件标识码", "编码"),
        "name": ("name", "名称", "部件名称"),
        **_PLACED,
        "state": ("state", "状态", "部件状态"),
        "department_code": ("department_code", "主管部门代码"),
        "department": ("department", "主管部门名称", "主管部门"),
        "owner": ("owner", "权属单位名称", "权属单位"),
        "custodian": ("custodian", "养护单位名称", "养护单位"),
        **_DAYS,
    },
    ElementKind.ORGANISATION: {
        "type": ("type", "类型", "组织类型", "单位类型"),
        "code": ("code", "统一社会信用代码", "信用代码"),
        "name": ("name", "单位名称", "名称", "组织名称", "机构名称"),
        **_PLACED,
        "phone": ("phone", "联系电话", "联系方式", "电话"),
        "filed_on": ("filed_on", "备案日期"),
        "registered_on": ("registered_on", "登记日期"),
        **_DAYS,
    },
    ElementKind.PERSON: {
        "name": ("name", "姓名"),
        "identity": ("identity", "公民身份号码", "身份证号", "身份证号码"),
        "phone": ("phone", "联系方式", "联系电话", "手机", "手机号", "电话"),
        "born_on": ("born_on", "出生日期"),
        "site": ("site", "现住地址", "现住地", "居住地址", "住址", "户室编码"),
        "area": ("area", "网格编码", "网格", "单元网格", "所属网格", "cell"),
        "household": ("household", "户编号", "户号"),
        "household_relation": ("household_relation", "与户主关系"),
        "needs": ("needs", "服务需求"),
        "legal_basis": ("legal_basis", "法定依据", "登记依据"),
        "retain_until_on": ("retain_until_on", "保存期限", "保存至"),
        "valid_from_on": ("valid_from_on", "入住日期", "起始日期"),
        "valid_to_on": ("valid_to_on", "迁出日期", "终止日期"),
    },
}

_NOT_KEPT = re.compile(
    r"性别|民族(?![路街巷村大])|宗教|政治面貌|党员|党派|婚姻|学历|文化程度|诊断|病史|疾病|血型|指纹|人脸|照片"
    r"|犯罪|前科|服刑|判刑|缓刑|刑期|刑满|刑释|刑罚|刑事|吸毒|上访|信访|重点人员|轨迹"
    # These two are harmless in other words: 房屋位置, 地址备注.
    r"|^(?:当前|实时|最后|活动|手机)?(?:位置|定位)(?:信息)?$|^(?:其他|个人|人员)?备注(?:信息|说明)?\d*$"
)
_NOT_KEPT_ENGLISH = re.compile(
    r"\b(?:sex|gender|ethnic(?:ity)?|nationality|religi\w+|politic\w*|party|marital|marriage|education|diagnos\w+|diseases?"
    r"|medical|blood|fingerprints?|faces?|biometrics?|photos?|crim(?:e|es|inal)|convict\w*|tracks?|movements?|remarks?)\b"
    r"|^(?:(?:current|last|live) )?location$",
    re.IGNORECASE,
)
"""What the header of a column says that is not kept of a person, see decision 29."""


def refused(columns: Iterable[str]) -> list[str]:
    """The columns that are not taken of persons, whatever the user maps them to."""
    return [
        column
        for column in columns
        if _NOT_KEPT.search(_DROPPED.sub("", unicodedata.normalize("NFKC", column)))
        or _NOT_KEPT_ENGLISH.search(column.replace("_", " ").strip())
    ]

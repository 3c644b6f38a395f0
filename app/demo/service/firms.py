"""Simulated organisations: who keeps shop, who manages, who serves; each says in its name that it is simulated 模拟."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.demo.service.credit import credit_code

SEED = 530107
BRANDS = (
    "云岭", "滇池", "翠湖", "金马", "碧鸡", "龙泉", "松华", "茶花", "晨曦",
    "和顺", "福临", "百汇", "宏达", "春融", "山茶", "月牙", "银杏", "紫薇",
)  # fmt: skip
MORE = "盛泰源祥和兴隆宁佳康美丰华安顺诚信达"


@dataclass(frozen=True, slots=True)
class Sort:
    """A type of organisation: how common, how it is called, the first two characters of its code, "" for no code."""

    share: float
    endings: tuple[str, ...]
    code: str


SORTS = {
    "individual_business": Sort(0.52, ("便利店", "小吃店", "理发店", "水果店", "五金店", "洗衣店"), "92"),
    "enterprise": Sort(0.24, ("商贸有限公司", "餐饮管理有限公司", "科技有限公司", "装饰有限公司"), "91"),
    "social_organisation": Sort(0.05, ("志愿服务队", "书画社", "广场舞协会", "邻里互助会"), "51"),
    "property_company": Sort(0.03, ("物业服务有限公司",), "91"),
    "owners_committee": Sort(0.05, ("业主委员会",), ""),
    "community_canteen": Sort(0.02, ("社区食堂",), ""),
    "legal_aid_point": Sort(0.02, ("法律援助点",), ""),
    "station": Sort(0.04, ("党群服务站", "便民服务站", "网格服务站"), ""),
    "school": Sort(0.01, ("小学", "幼儿园", "中学"), "12"),
    "medical_institution": Sort(0.02, ("诊所", "社区卫生服务站"), "52"),
}


@dataclass(frozen=True, slots=True)
class Firms:
    """Organisations: arrays of one length; `sites` says by position in which building each is."""

    types: NDArray[Any]
    names: NDArray[Any]
    codes: NDArray[Any]
    sites: NDArray[np.int64]
    filed_on: NDArray[Any]
    registered_on: NDArray[Any]


def found(
    count: int, grounds: NDArray[Any], inside: NDArray[np.int64], district_code: str, today: date
) -> Firms:
    """So many organisations in buildings; `inside` says what each building stands in, of the names `grounds`."""
    rng = np.random.default_rng(SEED)
    kinds = list(SORTS)
    shares = np.array([sort.share for sort in SORTS.values()])
    types = np.array(kinds, dtype=object)[rng.choice(len(kinds), count, p=shares / shares.sum())]
    sites = rng.integers(0, len(inside), count)
    names, codes, filed, registered = [], [], [], []
    for number, (kind, site) in enumerate(zip(types, sites.tolist(), strict=True), 1):
        sort = SORTS[kind]
        here = grounds[inside[site]]
        brand = f"{BRANDS[rng.integers(len(BRANDS))]}{MORE[rng.integers(len(MORE))]}"
        ending = sort.endings[rng.integers(len(sort.endings))]
        local = sort.code in {"", "51"}
        names.append(f"{here if local else brand}{ending}（模拟）")
        path = _path(kind, today, rng)
        # Nobody has a code before they are registered.
        coded = sort.code and (kind != "social_organisation" or path[1] is not None)
        codes.append(credit_code(sort.code, district_code, 10_000 + number) if coded else None)
        filed.append(path[0])
        registered.append(path[1])
    return Firms(
        types, *(np.array(column, dtype=object) for column in (names, codes)), sites,
        *(np.array(column, dtype=object) for column in (filed, registered)),
    )  # fmt: skip


def _path(kind: str, today: date, rng: np.random.Generator) -> tuple[date | None, date | None]:
    """先备案、后登记: a social organisation is on file first, and two in five have come no further yet."""
    if kind != "social_organisation":
        return None, None
    filed = today - timedelta(days=int(rng.integers(200, 1500)))
    registered = filed + timedelta(days=int(rng.integers(30, 190)))
    return filed, registered if rng.random() < 0.6 else None

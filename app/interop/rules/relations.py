"""How people write relations down: names of their columns, and words for their kinds."""

from __future__ import annotations

from collections.abc import Mapping

from app.interop.rules.rosters import Names
from app.registry.rules.kinds import RelationKind
from app.writing import plain

RELATION = "relation"
"""What an import of relations is called beside the kinds of elements."""

RELATION_HEADERS: Names = {
    "kind": ("kind", "关系", "关系类型"),
    "source": ("source", "主体", "主体编码", "起点", "甲方编码", "from"),
    "target": ("target", "客体", "客体编码", "终点", "乙方编码", "to"),
    "from_on": ("from_on", "起始日期", "开始日期"),
    "to_on": ("to_on", "终止日期", "结束日期"),
}
RELATION_WORDS: Mapping[RelationKind, tuple[str, ...]] = {
    RelationKind.LIVES_IN: ("居住于", "居住"),
    RelationKind.LOCATED_IN: ("位于",),
    RelationKind.OWNS: ("拥有", "产权", "权属"),
    RelationKind.RENTS: ("承租", "租用", "租住"),
    RelationKind.WORKS_AT: ("就职于", "就业于", "工作于"),
    RelationKind.MANAGES: ("管理", "物业管理"),
    RelationKind.BELONGS_TO: ("隶属于", "隶属", "所属"),
    RelationKind.GUARDIAN_OF: ("监护",),
    RelationKind.RESPONSIBLE_FOR: ("负责",),
    RelationKind.SERVES: ("服务",),
    RelationKind.CONCERNS: ("涉及",),
}
_KINDS = {said: kind for kind, words in RELATION_WORDS.items() for said in (*words, kind.value)}


def read_relation(raw: str) -> RelationKind:
    """The kind of a relation by its code or its word; ValueError for what is none."""
    found = _KINDS.get(plain(raw).casefold())
    if found is None:
        raise ValueError(raw)
    return found

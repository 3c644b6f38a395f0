"""The reasons of a dispatch in words."""

from __future__ import annotations

from app.cases.rules.grounds import UnitNow, Verdict
from app.cases.rules.routing import LADDERS, Line
from app.cases.service.routing import Suggestion
from app.web.i18n import DEFAULT, translate

IN_EACH_AREA = frozenset(name for ladder in LADDERS.values() for name in ladder)


def said(locale: str, line: Line, suggestion: Suggestion) -> str:
    """A line of the reasons as a sentence."""
    facts = line.facts
    area = next((a for a in suggestion.basis.chain if a.code == facts.get("area")), None)
    code = str(facts.get("code", ""))
    told = translate(
        locale,
        f"route.{line.ground.value}_{line.verdict.value}",
        unit=unit_name(locale, suggestion.units.get(line.unit or 0)),
        name=facts.get("name", ""),
        distance=facts.get("distance_m", ""),
        tolerance=f"{facts.get('tolerance_m', 0):g}",
        scope=translate(locale, f"route.scope_{facts.get('scope', 'anything')}"),
        level=translate(locale, f"level.{facts['level']}") if "level" in facts else "",
        area=facts.get("area", "") if area is None else _named(locale, area.name, area.name_en),
        code=translate(locale, f"route.code_{code}") if code in IN_EACH_AREA else code,
        condition=suggestion.basis.condition or "",
    )
    if line.verdict is Verdict.TAKEN and "was" in facts:
        was = unit_name(locale, suggestion.units.get(facts["was"]))
        told += translate(locale, "route.succeeded", was=was)
    return told


def outcome(locale: str, suggestion: Suggestion) -> str:
    """Who gets it, in a sentence; where there is nobody, who keeps it."""
    decision = suggestion.decision
    if suggestion.unit is not None:
        return translate(locale, "route.goes_to", unit=unit_name(locale, suggestion.unit))
    if decision.keeper is not None:
        return translate(
            locale, "route.nobody_but", unit=unit_name(locale, suggestion.units[decision.keeper])
        )
    return translate(locale, "route.nobody")


def unit_name(locale: str, unit: UnitNow | None) -> str:
    """What a unit is called in a language."""
    return "?" if unit is None else _named(locale, unit.name or unit.code, unit.name_en)


def _named(locale: str, name: str, name_en: str | None) -> str:
    return name if locale == DEFAULT or not name_en else name_en

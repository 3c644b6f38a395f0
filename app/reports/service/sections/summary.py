"""总体情况: what is read first, in figures, in a sentence that may be edited, and on a map."""

from __future__ import annotations

from fractions import Fraction

from app.reports.rules.blocks import Block, Figure, Figures, Words
from app.reports.rules.maps import Fill, Map, Marks
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import figures, grounds, overdue
from app.reports.service.sections.figures import shown
from app.reports.service.wording import rounded

COUNTS = ("reported", "registered", "handled", "closed")
OF_A_UNIT = ("dispatched", "handled", "returned", "closed")
"""A unit is given cases, and reports none."""

FACE_MM = 128.0
"""So high the map stands on the first page, with what comes before it."""

SHARES = ("on_time_handling_rate", "closure_rate", "satisfaction_rate")
LEAST_LATE = 1


def blocks(context: Context) -> tuple[Block, ...]:
    """The first figures beside those of the period before, a sentence about them, and where cases were reported."""
    return (_figures(context), Words("text", _sentence(context)), reported_map(context))


def _figures(context: Context) -> Figures:
    now, before = figures.now(context).whole, figures.before(context).whole
    counted = [
        Figure(
            code, context.word(f"counted.{code}"), now[code], beside=_change(context, now[code], before[code])
        )
        for code in (OF_A_UNIT if context.scope.unit_id else COUNTS)
    ]
    rates = [shown(code, now) for code in SHARES]
    shares = [
        Figure(
            one.indicator.code,
            context.word(f"indicator.{one.indicator.code}"),
            one.value,
            one.kind,
            one.beside,
        )
        for one in rates
    ]
    late = now["late_open"]
    word = context.word("counted.late_open")
    return Figures(
        "first",
        (*counted, *shares, Figure("late_open", word, late, late=late >= LEAST_LATE)),
        note=context.t("first_note"),
    )


def _change(context: Context, now: int, before: int) -> str:
    """How it has changed: in percent, or from what where that says nothing."""
    if not before:
        return context.t("change_from", before=before)
    share = rounded(Fraction(now - before, before) * 100, 1)
    return context.t("change", share=f"{share:+}".replace("-", "−"), before=f"{before:,}")


def _sentence(context: Context) -> str:
    now = figures.now(context).whole
    rate, closure = shown("on_time_handling_rate", now), shown("closure_rate", now)
    facts = {
        name: f"{now[name]:,}" for name in (*COUNTS, *OF_A_UNIT, "late_open", "suspended_open", "reworked")
    }
    said = context.t("summary_unit" if context.scope.unit_id else "summary_counts", **facts)
    if rate.value is not None and closure.value is not None:
        said += context.t("summary_rates", on_time=_percent(rate.value), closure=_percent(closure.value))
    said += context.t("summary_late" if now["late_open"] else "summary_none_late", **facts)
    if most := _most(context):
        said += context.t("summary_most_given" if context.scope.unit_id else "summary_most", named=most)
    return said


def _percent(value: Fraction) -> str:
    return f"{rounded(value * 100, 2)}%"


def _most(context: Context) -> str:
    """The three categories that were reported most, or of which a unit was given most."""
    name = "dispatched" if context.scope.unit_id else "reported"
    known = grounds.categories(context)
    ranked = sorted(
        ((counts[name], known[one].code, one) for one, counts in figures.now(context).categories.items()
         if one in known and counts[name]),
        key=lambda row: (-row[0], row[1]),
    )  # fmt: skip
    return context.t("listing").join(
        context.t("named_count", name=context.called(known[one]), count=f"{count:,}")
        for count, _, one in ranked[:3]
    )


def reported_map(context: Context) -> Map:
    """Cases reported in each cell, of a unit those that it was given, with those that stood overdue at the end."""
    name = "dispatched" if context.scope.unit_id else "reported"
    counted, cells = figures.now(context), figures.cells(context)
    values = tuple(counted.places.get(row.no, {}).get(name, 0) for row in cells.rows)
    late = overdue.places(context)
    marks = (
        [Marks(context.t("late_marks"), tuple(late), tuple(late.values()), "triangle", late=True)]
        if late
        else []
    )
    fill = Fill(
        context.t(f"{name}_cases"), Kind.COUNT, tuple(row.code for row in cells.rows),
        tuple(context.called(row) for row in cells.rows), values, cells.shapes,
    )  # fmt: skip
    borders = grounds.borders(context)
    return Map(
        name, context.t(f"map_{name}"), grounds.shown(context), context.srid, (fill, *marks, *borders),
        note=context.t("map_reported_note"), inset=grounds.inset(context), most_mm=FACE_MM,
    )  # fmt: skip

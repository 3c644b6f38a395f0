"""Reports about one thing: each is made at once, and its sections are parts of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.reports.rules.document import Section
from app.reports.rules.kinds import ReportKind
from app.reports.service.context import Context
from app.reports.service.sections import case, cell, forms, handover, selection, sign

Build = Callable[[Context], tuple[Section, ...]]

BUILDERS: Mapping[ReportKind, Build] = {
    ReportKind.CELL: cell.build,
    ReportKind.CASE: case.build,
    ReportKind.DISPATCH_ORDER: forms.build,
    ReportKind.SUPERVISION_ORDER: forms.build,
    ReportKind.EXTENSION_FORM: forms.build,
    ReportKind.SUSPENSION_FORM: forms.build,
    ReportKind.HANDOVER: handover.build,
    ReportKind.SIGN: sign.build,
    ReportKind.SELECTION: selection.build,
}


def part(code: str) -> Build:
    """The sections of a code of whatever report has them."""

    def build(context: Context) -> tuple[Section, ...]:
        found = context.once("whole", lambda: BUILDERS[context.kind](context))
        return tuple(one for one in found if one.code.partition("-")[0] == code)

    return build

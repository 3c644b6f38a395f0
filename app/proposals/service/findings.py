"""What keeps a proposal from taking effect, and what should be known of it."""

from __future__ import annotations

from typing import Any

import shapely
from sqlalchemy import Connection, Row

from app.proposals.service import planning
from app.proposals.store import drawing, inputs
from spatial.errors import Fault
from spatial.redrawing import Findings, check

Record = dict[str, Any]


def found(connection: Connection, district: Row[Any], proposal: Record) -> Findings:
    """All that is wrong with the cells of a proposal, and all that should be known of them.

    Households are those of its blocks: what the registry knows of buildings alone would miss some.
    """
    area, of = proposal["area_no"], district.id
    _, _, plan = planning.loaded(connection, district, proposal)
    communities = inputs.areas(connection, of, area, planning.parent_level(connection, of))
    parents = planning.outlined(district, communities)
    known = inputs.buildings(connection, of, area, shapely.union_all(communities.shapes))
    homes = planning.layer(district, known, households=[row.households for row in known.rows])
    checked = check(plan, parents, homes, bounds=plan.bounds)
    notes = [note for note in checked.notes if not note.code.startswith(BY_HOUSEHOLDS)]
    return Findings(checked.faults, (*notes, *_beyond(plan)))


BY_HOUSEHOLDS = ("plan_households_", "plan_no_households")


def _beyond(plan: Any) -> list[Fault]:
    """Cells with too few or too many households."""
    least, most = plan.bounds
    notes = []
    for row, cell in enumerate(plan.cells().itertuples(), start=1):
        facts = {"cell": cell.code, "households": round(cell.households), "least": least, "most": most}
        if cell.households == 0:
            notes.append(Fault("plan_no_households", row, value=cell.code, facts=facts))
        elif not least <= cell.households <= most:
            side = "below" if cell.households < least else "above"
            notes.append(Fault(f"plan_households_{side}", row, value=cell.code, facts=facts))
    return notes


def changed(connection: Connection, proposal: Record) -> bool:
    """Whether a proposal draws any cell anew."""
    return any(not cell["same"] for cell in drawing.cells(connection, proposal["id"]))

"""Cells are split and merged with everything that hangs on them, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

from app.accounts.service.managing import Hand
from app.cases import store as cases
from app.cases.service.carrying import carry_rules
from app.cases.store import carrying as desks
from app.errors import ConflictError, InvalidError, UnavailableError
from app.grid import store as grid
from app.grid.rules import Level, new_codes
from app.grid.service import the_district
from app.grid.service.redrawing import NewCell, Redrawing, check_codes, find_cells, redraw, settle_households
from app.grid.store import redrawing
from app.grid.store.redrawing import CellNow
from app.interop import store
from app.interop.service.pieces import Piece, Pieces
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.registry import store as registry
from app.registry.store import carrying as elements
from app.staffing.rules.carrying import Held, Why
from app.staffing.service.carrying import StaffCarried, carry_staff
from spatial.tessellate import join, number

LONGEST_WAIT_S = 60
TOO_LONG = frozenset({"55P03", "40P01"})
"""PostgreSQL's words for a wait that took too long, and for one in a circle."""


@dataclass(slots=True)
class Holding:
    """What a cell has: households, elements by kind, cases."""

    code: str
    name: str
    households: int | None
    area_m2: float
    elements: dict[str, int] = field(default_factory=dict)
    cases_open: int = 0
    cases_over: int = 0


@dataclass(slots=True)
class RedrawReport:
    """What was drawn and what became of everything: cells before and after, people at work, and what gave way."""

    edition: str
    gone: list[Holding]
    made: list[Holding]
    staff: list[tuple[Held, str]]
    ended: list[tuple[Held, Why]]
    notes: list[tuple[str, dict[str, Any]]]


def split_cell(
    connection: Connection, code: str, pieces: Callable[[Row[Any], CellNow], Pieces], *, by: Hand
) -> RedrawReport:
    """Split a cell, effective today.

    Its parts get new codes, so that no figure of the old code is ever that of another ground.

    Parameters
    ----------
    pieces
        Given the district and the cell, the parts that are wanted.

    Raises
    ------
    NotFoundError
        `cells_missing`, `district_missing`.
    LayerError
        The parts do not cover the cell once and only once; every fault is named.
    ConflictError
        `cell_codes_used_up`, `cell_code_used`.
    InvalidError
        `cell_code_strange`.
    UnavailableError
        `grid_busy`: those who write did not come to an end.
    """
    district = _begun(connection)
    (cell,) = find_cells(connection, district.id, [code])
    wanted = _named(connection, district, cell, pieces(district, cell))
    before = _holdings(connection, [cell])
    drawn = redraw(connection, district, [cell], wanted, like=cell, source="split")
    community = {"to_area": cell.parent_id}
    return _carried(connection, district, drawn, before, [cell.no], by=by, officer=None, **community)


def merge_cells(
    connection: Connection,
    codes: Sequence[str],
    *,
    code: str | None = None,
    name: str | None = None,
    officer: str | None = None,
    by: Hand,
) -> RedrawReport:
    """Merge cells of one community, effective today.

    Where only one thing can go on (a full-time officer, a rule about a matter), it is that of the cell with the most
    households, of equal ones that with the smallest code.

    Parameters
    ----------
    officer
        Code of the full-time officer who goes on instead.

    Raises
    ------
    NotFoundError
        `cells_missing`, `district_missing`, `officer_not_here`.
    InvalidError
        `merge_needs_two`, `cell_code_strange`.
    ConflictError
        `cells_of_communities`, `cell_code_used`, `cell_codes_used_up`.
    spatial.errors.SpatialError
        `cells_apart`.
    UnavailableError
        `grid_busy`: those who write did not come to an end.
    """
    if len(set(codes)) < 2:
        raise InvalidError("merge_needs_two")
    district = _begun(connection)
    cells = find_cells(connection, district.id, codes)
    if len({cell.parent_id for cell in cells}) > 1:
        parents = ", ".join(sorted({cell.parent_code for cell in cells}))
        raise ConflictError("cells_of_communities", parents=parents)
    first = sorted(cells, key=lambda cell: (-(cell.households or 0), cell.code))
    wanted = Pieces([Piece(join([cell.shape for cell in cells]), name or first[0].name, code)])
    named = _named(connection, district, first[0], wanted)
    before = _holdings(connection, cells)
    drawn = redraw(connection, district, cells, named, like=first[0], source="merge")
    numbers = [cell.no for cell in first]
    elements.keep_in_one(connection, numbers, drawn.made[0].no)
    into = {"to_area": drawn.made[0].id}
    return _carried(connection, district, drawn, before, numbers, by=by, officer=officer, **into)


def _begun(connection: Connection) -> Row[Any]:
    district = the_district(connection)
    try:
        store.hold_writers(connection, district.id, at_most_s=LONGEST_WAIT_S)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in TOO_LONG:
            raise UnavailableError("grid_busy") from error
        raise
    return district


def _named(connection: Connection, district: Row[Any], like: CellNow, pieces: Pieces) -> list[NewCell]:
    """Parts with their codes: those that were asked for, else free ones in the order of the standard."""
    shapes = [piece.shape for piece in pieces.parts]
    order = [at for _, at in sorted(zip(number(shapes).tolist(), range(len(shapes)), strict=True))]
    asked = [piece.code for piece in pieces.parts if piece.code is not None]
    check_codes(connection, district, like.parent_code, asked)
    ever = redrawing.codes_ever(connection, district.id)
    extends = grid.levels(connection, district.id)[Level.CELL].code_extends_parent
    used = {one for one in ever if one.startswith(like.parent_code)} if extends else ever
    free = iter(
        new_codes(
            like.parent_code,
            {*used, *asked},
            len(shapes) - len(asked),
            old=like.code,
            extends_parent=extends,
        )
    )
    made = []
    for place, at in enumerate(order, start=1):
        piece = pieces.parts[at]
        behind = f"-{place}" if len(shapes) > 1 else ""
        english = piece.name_en or (None if like.name_en is None or piece.name else f"{like.name_en}{behind}")
        code = piece.code if piece.code is not None else next(free)
        made.append(NewCell(code, piece.name or f"{like.name}{behind}", english, piece.shape))
    return made


def _carried(
    connection: Connection,
    district: Row[Any],
    drawn: Redrawing,
    before: list[Holding],
    first: Sequence[int],
    *,
    to_area: int,
    officer: str | None,
    by: Hand,
) -> RedrawReport:
    """Take along what hangs on the cells: cases, elements, households, people at work, rules, places, the wall."""
    made = [new.no for new in drawn.made]
    notes: list[tuple[str, dict[str, Any]]] = []
    relinked = cases.relink(connection, district.id, drawn.at)
    desk = desks.move_desks(connection, district.id, first, to_area, drawn.at)
    registry.relink(connection, district.id)
    weights, basis = _weights(connection, drawn)
    settle_households(connection, drawn, weights)
    leading = max(made, key=lambda no: (weights[no], -made.index(no)))
    staff = carry_staff(
        connection,
        drawn,
        lead=dict.fromkeys((old.no for old in drawn.gone), leading),
        first=first,
        officer=officer,
        places=elements.places_named(connection, made),
    )
    rules, yielding = carry_rules(connection, drawn, first)
    places = store.follow_cells(connection, drawn.edition_id)
    for topic in ("cases", "registry"):
        grid.count_up(connection, topic)
    if len(made) > 1:
        notes.append((f"households_by_{basis}", {}))
    counts = {"cases_relinked": relinked, "cases_desk": desk, "posts_widened": staff.posts,
              "units_moved": staff.units, "rules_carried": rules, "places_moved": places}  # fmt: skip
    notes += [(name, {"count": count}) for name, count in counts.items() if count]
    notes += [("rule_yields", {"unit": rule.unit_code, "matter": _matter(rule)}) for rule in yielding]
    after = _holdings(connection, find_cells(connection, district.id, [new.code for new in drawn.made]))
    report = RedrawReport(
        drawn.edition, before, after, _going_on(drawn, staff), list(staff.carried.ended), notes
    )
    _log(connection, drawn, report, by)
    return report


def _weights(connection: Connection, drawn: Redrawing) -> tuple[dict[int, int], str]:
    """By what households are shared out: dwellings, else buildings, else ground; in square centimetres."""
    homes = elements.homes(connection, [new.no for new in drawn.made])
    for place, basis in enumerate(("dwellings", "buildings")):
        weights = {no: counted[place] for no, counted in homes.items()}
        if any(weights.values()):
            return weights, basis
    return {new.no: max(1, round(new.area_m2 * 10_000)) for new in drawn.made}, "area"


def _holdings(connection: Connection, cells: Sequence[CellNow]) -> list[Holding]:
    numbers = [cell.no for cell in cells]
    known = elements.counts(connection, numbers)
    lying = desks.counts(connection, numbers)
    return [
        Holding(cell.code, cell.name, cell.households, cell.area_m2, known[cell.no], *lying[cell.no])
        for cell in cells
    ]


def _going_on(drawn: Redrawing, staff: StaffCarried) -> list[tuple[Held, str]]:
    codes = {new.no: new.code for new in drawn.made}
    return [(one, codes[one.cell_no]) for one in staff.carried.given]


def _matter(rule: desks.RuleHeld) -> str:
    return rule.line or rule.major or str(rule.category_id)


def _log(connection: Connection, drawn: Redrawing, report: RedrawReport, by: Hand) -> None:
    """Write down who did it: people's cells change with it, and so do their rights."""
    action = "grid.merge" if len(drawn.gone) > 1 else "grid.split"
    facts: Mapping[str, Any] = {
        "gone": [old.code for old in drawn.gone],
        "made": [new.code for new in drawn.made],
        "edition": drawn.edition,
        "staff": len(report.staff),
        "ended": [one.code for one, _ in report.ended],
    }
    subject = ",".join(old.code for old in drawn.gone)[:200]
    ledger.add(
        connection, Entry(action, "done", by.account_id, by.name, "cell", subject, by.address, dict(facts))
    )

"""Cells are drawn anew with everything that hangs on them, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

from app.accounts.service.managing import Hand
from app.cases import store as cases
from app.cases.service.carrying import carry_rules
from app.cases.store import carrying as desks
from app.errors import ConflictError, InvalidError, UnavailableError
from app.grid import store as grid
from app.grid.service import the_district
from app.grid.service.redrawing import Redrawing, find_cells, redraw, settle_households
from app.grid.store.redrawing import CellNow
from app.interop import store
from app.interop.service.holdings import Holding, holdings, homes_given
from app.interop.service.naming import grouped
from app.interop.service.pieces import Piece, Pieces
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.registry import store as registry
from app.registry.store import carrying as elements
from app.staffing.rules.carrying import Held, Why
from app.staffing.service.carrying import StaffCarried, carry_staff
from spatial.tessellate import join

LONGEST_WAIT_S = 60
TOO_LONG = frozenset({"55P03", "40P01"})
"""PostgreSQL's words for a wait that took too long, and for one in a circle."""


@dataclass(frozen=True, slots=True)
class Change:
    """Cells of one community that are to go, and the pieces that are to come in their place."""

    codes: Sequence[str]
    pieces: Pieces


@dataclass(slots=True)
class RedrawReport:
    """What was drawn and what became of everything: cells before and after, people at work, and what gave way.

    Parameters
    ----------
    vacant
        Codes of new cells that have no full-time officer today.
    """

    edition: str
    edition_id: int
    gone: list[Holding]
    made: list[Holding]
    staff: list[tuple[Held, str]]
    ended: list[tuple[Held, Why]]
    vacant: list[str]
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
    district = begin(connection)
    (cell,) = find_cells(connection, district.id, [code])
    return _redrawn(connection, district, [([cell], pieces(district, cell))], source="split", by=by)


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
    district = begin(connection)
    cells = find_cells(connection, district.id, codes)
    _check_groups([cells])
    wanted = Pieces([Piece(join([cell.shape for cell in cells]), name, code)])
    return _redrawn(connection, district, [(cells, wanted)], source="merge", by=by, officer=officer)


def redraw_cells(
    connection: Connection, changes: Sequence[Change], *, by: Hand, source: str = "redraw"
) -> RedrawReport:
    """Make any number of changes in one new edition, effective today.

    Parameters
    ----------
    changes
        Pieces cover the ground of the cells whose place they take, and may each take of several of them.

    Raises
    ------
    NotFoundError
        `cells_missing`, `district_missing`.
    InvalidError
        `cell_code_strange`, `cells_in_two_groups`.
    ConflictError
        `cells_of_communities`, `cell_code_used`, `cell_codes_used_up`.
    UnavailableError
        `grid_busy`: those who write did not come to an end.
    """
    district = begin(connection)
    wanted = [
        (find_cells(connection, district.id, change.codes), change.pieces)
        for change in sorted(changes, key=lambda change: min(change.codes))
    ]
    _check_groups([cells for cells, _ in wanted])
    return _redrawn(connection, district, wanted, source=source, by=by)


def begin(connection: Connection) -> Row[Any]:
    """Hold all who write what hangs on cells, and say in which district.

    Raises
    ------
    UnavailableError
        `grid_busy`: those who write did not come to an end.
    """
    district = the_district(connection)
    try:
        store.hold_writers(connection, district.id, at_most_s=LONGEST_WAIT_S)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in TOO_LONG:
            raise UnavailableError("grid_busy") from error
        raise
    return district


def _check_groups(groups: Sequence[Sequence[CellNow]]) -> None:
    """See that no cell is in two groups, and no group in two communities."""
    seen = [cell.code for cells in groups for cell in cells]
    if twice := sorted({code for code in seen if seen.count(code) > 1}):
        raise InvalidError("cells_in_two_groups", codes=", ".join(twice)[:200])
    for cells in groups:
        if len({cell.parent_id for cell in cells}) > 1:
            parents = ", ".join(sorted({cell.parent_code for cell in cells}))
            raise ConflictError("cells_of_communities", parents=parents)


def _redrawn(
    connection: Connection,
    district: Row[Any],
    wanted: Sequence[tuple[Sequence[CellNow], Pieces]],
    *,
    source: str,
    by: Hand,
    officer: str | None = None,
) -> RedrawReport:
    """Draw the cells and take along what hangs on them: cases, elements, households, people at work, rules, places."""
    groups = grouped(connection, district, wanted)
    old = [cell for group in groups for cell in group.gone]
    # Where only one thing can go on, it is that of the cell that stands first.
    first = [cell.no for cell in sorted(old, key=lambda cell: (-(cell.households or 0), cell.code))]
    before = holdings(connection, sorted(old, key=lambda cell: cell.code))
    lived = elements.dwelled(connection, first)
    drawn = redraw(connection, district, groups, source=source)
    elements.keep_in_one(connection, {old: news[0] for old, news in drawn.into.items() if len(news) == 1})
    relinked = cases.relink(connection, district.id, drawn.at)
    desk = desks.move_desks(connection, district.id, _desks(drawn), drawn.at)
    registry.relink(connection, district.id)
    weights, bases = homes_given(drawn, elements.dwelling_now(connection, lived))
    settle_households(connection, drawn, weights)
    staff = carry_staff(
        connection,
        drawn,
        weights=weights,
        first=first,
        officer=officer,
        places=elements.places_named(connection, [new.no for new in drawn.made]),
    )
    rules, yielding = carry_rules(connection, drawn, first)
    places = store.follow_cells(connection, drawn.edition_id)
    for topic in ("cases", "registry"):
        grid.count_up(connection, topic)
    notes: list[tuple[str, dict[str, Any]]] = [(f"households_by_{basis}", {}) for basis in sorted(bases)]
    counts = {"cases_relinked": relinked, "cases_desk": desk, "posts_widened": staff.posts,
              "units_moved": staff.units, "rules_carried": rules, "places_moved": places}  # fmt: skip
    notes += [(name, {"count": count}) for name, count in counts.items() if count]
    notes += [("rule_yields", {"unit": rule.unit_code, "matter": _matter(rule)}) for rule in yielding]
    after = holdings(connection, find_cells(connection, district.id, [new.code for new in drawn.made]))
    report = RedrawReport(
        drawn.edition, drawn.edition_id, before, after, _going_on(drawn, staff), list(staff.carried.ended),
        _vacant(drawn, staff), notes,
    )  # fmt: skip
    _log(connection, drawn, report, by)
    return report


def _desks(drawn: Redrawing) -> dict[int, int]:
    """On whose desk cases without a position come: of the one cell that has come of theirs, else of the community."""
    made = {new.no: new.id for new in drawn.made}
    return {
        old.no: made[news[0]] if len(news := drawn.into[old.no]) == 1 else old.parent_id for old in drawn.gone
    }


def _going_on(drawn: Redrawing, staff: StaffCarried) -> list[tuple[Held, str]]:
    codes = {new.no: new.code for new in drawn.made}
    return [(one, codes[one.cell_no]) for one in staff.carried.given]


def _vacant(drawn: Redrawing, staff: StaffCarried) -> list[str]:
    return [new.code for new in drawn.made if new.no in staff.vacant]


def _matter(rule: desks.RuleHeld) -> str:
    return rule.line or rule.major or str(rule.category_id)


def _log(connection: Connection, drawn: Redrawing, report: RedrawReport, by: Hand) -> None:
    """Write down who did it: people's cells change with it, and so do their rights."""
    action = "split" if len(drawn.gone) == 1 else "merge" if len(drawn.made) == 1 else "redraw"
    facts: Mapping[str, Any] = {
        "gone": [old.code for old in drawn.gone],
        "made": [new.code for new in drawn.made],
        "edition": drawn.edition,
        "staff": len(report.staff),
        "ended": [one.code for one, _ in report.ended],
    }
    subject = ",".join(old.code for old in drawn.gone)[:200]
    ledger.add(
        connection,
        Entry(f"grid.{action}", "done", by.account_id, by.name, "cell", subject, by.address, dict(facts)),
    )

"""New cells get their codes and names: those that were asked for, else free ones in the order of the standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Row

from app.grid import store as grid
from app.grid.rules import Level, new_codes
from app.grid.service.redrawing import Group, NewCell, check_codes
from app.grid.store import redrawing
from app.grid.store.redrawing import CellNow
from app.interop.service.pieces import Pieces
from spatial.tessellate import common_ground, number


def grouped(
    connection: Connection, district: Row[Any], wanted: Sequence[tuple[Sequence[CellNow], Pieces]]
) -> list[Group]:
    """Cells that go with the ones that come, which have their codes and names now.

    Raises
    ------
    ConflictError
        `cell_code_used`, `cell_codes_used_up`.
    InvalidError
        `cell_code_strange`.
    """
    extends = grid.levels(connection, district.id)[Level.CELL].code_extends_parent
    asked: dict[str, list[str]] = {}
    for cells, pieces in wanted:
        # Codes that extend no parent are one series for all of the district.
        series = asked.setdefault(cells[0].parent_code if extends else "", [])
        series += [piece.code for piece in pieces.parts if piece.code is not None]
    for parent, codes in asked.items():
        check_codes(connection, district, parent, codes)
    taken = set(redrawing.codes_ever(connection, district.id))
    taken |= {code for codes in asked.values() for code in codes}
    groups = []
    for cells, pieces in wanted:
        groups.append(_group(cells, pieces, taken, extends_parent=extends))
        taken |= {new.code for new in groups[-1].made}
    return groups


def _group(cells: Sequence[CellNow], pieces: Pieces, taken: set[str], *, extends_parent: bool) -> Group:
    shapes = [piece.shape for piece in pieces.parts]
    order = [at for _, at in sorted(zip(number(shapes).tolist(), range(len(shapes)), strict=True))]
    like = _like(cells, shapes)
    parent = cells[0].parent_code
    used = {one for one in taken if one.startswith(parent)} if extends_parent else taken
    free = new_codes(
        parent,
        used,
        sum(piece.code is None for piece in pieces.parts),
        old=like[order[0]].code,
        extends_parent=extends_parent,
    )
    codes, places = iter(free), Counter[int]()
    heirs = Counter(one.no for one in like)
    made = []
    for at in order:
        piece, old = pieces.parts[at], like[at]
        places[old.no] += 1
        behind = f"-{places[old.no]}" if heirs[old.no] > 1 else ""
        english = piece.name_en or (None if old.name_en is None or piece.name else f"{old.name_en}{behind}")
        code = piece.code if piece.code is not None else next(codes)
        made.append(NewCell(code, piece.name or f"{old.name}{behind}", english, piece.shape, old))
    return Group(tuple(cells), tuple(made))


def _like(cells: Sequence[CellNow], shapes: Sequence[Any]) -> list[CellNow]:
    """For each new shape the cell that it goes on from: the one of whose households most lie on its ground."""
    old = sorted(cells, key=lambda cell: cell.code)
    both = shapely.area(common_ground([cell.shape for cell in old], shapes))
    shares = np.round(both / shapely.area([cell.shape for cell in old])[:, None], 9)
    many = np.array([cell.households or 0 for cell in old])[:, None] * shares
    return [old[np.lexsort((-shares[:, at], -many[:, at]))[0]] for at in range(len(shapes))]

"""Communities are balanced: cells of about equal load as a suggestion, which nobody has to take."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from app.errors import NotFoundError
from app.proposals.service import planning
from app.proposals.service.preparing import Advance
from spatial import redrawing

Record = dict[str, Any]


def balance(connection: Connection, district: Row[Any], proposal: Record, advance: Advance) -> Record:
    """Suggest cells for a community, or for all by the code of the area; what of the proposal changes.

    Raises
    ------
    NotFoundError
        `proposal_community_missing`.
    """
    community = proposal["asked"].get("community")
    blocks, _, plan = planning.loaded(connection, district, proposal)
    rows = [block["no"] for block in blocks if community in {block["community"], proposal["area"]}]
    if not rows:
        raise NotFoundError("proposal_community_missing", code=str(community)[:40])
    found = redrawing.balance(
        plan.blocks.iloc[rows],
        count=proposal["asked"].get("count"),
        bounds=plan.bounds,
        progress=lambda done, total, _: advance(done / max(1, total)),
    )
    told = [
        {
            "key": row.code,
            "households": round(row.households),
            "cases": int(row.cases),
            "moved": round(row.moved),
        }
        for row in found.cells().itertuples()
    ]
    suggestion = {
        "community": community,
        "version": proposal["version"],
        "cells": dict(zip(map(str, rows), found.cell_of, strict=True)),
        "figures": told,
        "broken": len(found.broken),
    }
    return {"suggestion": suggestion}

"""What the interface takes and answers of proposals."""

from __future__ import annotations

from app.proposals.rules import LONGEST_NAME, LONGEST_NOTE, MOST_HOUSEHOLDS, Act, Doing, State
from app.web.shapes import (
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    NUMBER,
    TEXT,
    UUID,
    YES,
    Named,
    Schema,
    about,
    items,
    maybe,
    optional,
    record,
    table,
    words,
)

CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 60}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
NOTE: Schema = {"type": "string", "maxLength": LONGEST_NOTE}
BOUND: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_HOUSEHOLDS}
VERSION = about(
    {"type": "integer", "minimum": 1}, "The version that one knows; another one is refused (409)."
)
POINT: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
PROBLEM = table({})

LISTED_FIELDS = {
    "id": ID,
    "name": TEXT,
    "note": maybe(TEXT),
    "area": TEXT,
    "area_name": maybe(TEXT),
    "area_name_en": maybe(TEXT),
    "base_edition": about(TEXT, "网格版本: the one from which it was drawn."),
    "outdated": about(YES, "There is a newer edition."),
    "touched": about(items(TEXT), "Codes of cells that were drawn anew since where it draws some."),
    "state": words(State),
    "effective_on": about(DAY, "It takes effect at the beginning of this day."),
    "least_households": COUNT,
    "most_households": COUNT,
    "version": COUNT,
    "drawn_at": INSTANT,
    "drawn_name": maybe(TEXT),
    "proposed_at": maybe(INSTANT),
    "proposed_name": maybe(TEXT),
    "approved_at": maybe(INSTANT),
    "approved_name": maybe(TEXT),
    "ended_at": maybe(INSTANT),
    "reason": maybe(TEXT),
    "doing": maybe(about(words(Doing), "What the worker is at.")),
    "part": about(NUMBER, "How far it is, from 0 to 1."),
    "problem": maybe(about(PROBLEM, "Why the worker could not, or why it could not take effect.")),
    "tried_on": maybe(DAY),
    "ready": about(YES, "Its blocks are there: it can be drawn."),
    "acts": about(items(words(Act)), "What the one who asks can do with it."),
    "own": about(YES, "The one who asks has proposed it, and so cannot approve it."),
}
LISTED = Named("ListedProposal", record(**LISTED_FIELDS))
CELL = Named(
    "ProposedCell",
    record(
        key=about(TEXT, "The present code, or one that it has until it takes effect."),
        community=TEXT,
        community_name=TEXT,
        community_name_en=maybe(TEXT),
        same=about(YES, "Just the present cell; any other gets a new code."),
        was=maybe(about(TEXT, "The present cell whose people it has most of.")),
        name=maybe(about(TEXT, "None for a new one that nobody has named.")),
        name_en=maybe(TEXT),
        code=maybe(about(TEXT, "That was asked for.")),
        fits=about(words(("below", "within", "above")), "Households within the bounds."),
        households=COUNT,
        buildings=COUNT,
        cases=about(COUNT, "Of the last year."),
        area_m2=NUMBER,
        compactness=NUMBER,
        moved=about(COUNT, "Households that come from another cell than `was`."),
        lon=LON,
        lat=LAT,
    ),
)
SUGGESTED = record(key=TEXT, households=COUNT, cases=COUNT, moved=COUNT)
COMPARISON = Named("ProposalComparison", table({}))
ONE = Named(
    "Proposal",
    record(
        **LISTED_FIELDS,
        cells=items(CELL),
        of_block=about(items(TEXT), "The key of the cell of each block, in the order of their numbers."),
        undo=YES,
        redo=YES,
        suggestion=maybe(record(community=TEXT, figures=items(SUGGESTED), broken=COUNT)),
        comparison=maybe(COMPARISON),
    ),
)
FEATURES = Named(
    "FeatureCollection",
    record(
        type=words(("FeatureCollection",)),
        features=items(record(type=words(("Feature",)), properties=table({}), geometry=table({}))),
    ),
)
FINDING = record(
    code=TEXT,
    row=maybe(about(COUNT, "The row of the cell, counted from 1.")),
    value=maybe(TEXT),
    facts=table({}),
    cell=maybe(about(TEXT, "The cell at which it is to be seen.")),
)
FINDINGS = Named(
    "ProposalFindings",
    record(
        faults=about(items(FINDING), "What keeps it from taking effect."),
        notes=about(items(FINDING), "What should be known."),
    ),
)

ASKED = record(
    ("note", "least_households", "most_households"),
    only_these_=True,
    client_id=about(UUID, "Made by the client: what is sent again is one proposal."),
    name=NAME,
    area=about(CODE, "Code of the area whose cells are to be drawn."),
    effective_on=about(DAY, "Tomorrow at the earliest, within a year."),
    note=optional(NOTE),
    least_households=optional(BOUND),
    most_households=optional(BOUND),
)
CHANGED = record(
    ("note",),
    only_these_=True,
    version=VERSION,
    name=NAME,
    effective_on=DAY,
    note=optional(NOTE),
    least_households=BOUND,
    most_households=BOUND,
)
EDITS = ("give", "split", "merge", "name", "take", "undo", "redo")
EDIT = record(
    ("blocks", "ring", "to", "cell", "cells", "line", "parts", "name", "code"),
    only_these_=True,
    version=VERSION,
    do=about(
        words(EDITS),
        "give: `blocks` or what lies in a `ring`, `to` a cell; split: a `cell` along a `line`, or into"
        " balanced `parts`; merge: `cells`; name: a `cell` gets a `name` and a `code`; take: what was suggested.",
    ),
    blocks=items(CODE, most=20_000),
    ring=items(POINT, least=3, most=2000),
    to=CODE,
    cell=CODE,
    cells=items(CODE, most=200),
    line=items(POINT, least=2, most=2000),
    parts={"type": "integer", "minimum": 2, "maximum": 20},
    name=optional(NAME),
    code=optional(CODE),
)
ACT = record(
    ("reason",),
    only_these_=True,
    version=VERSION,
    act=words(act for act in Act if act is not Act.DRAW),
    reason=about(optional(NOTE), "Needed where it is sent back."),
)
WORK = record(
    ("community", "count", "effort_hours", "hours_per_day", "officers"),
    only_these_=True,
    version=VERSION,
    do=words(("balance", "compare")),
    community=about(CODE, "Which one to balance; by the code of the proposal's area all that it has."),
    count=about(
        {"type": "integer", "minimum": 1, "maximum": 200},
        "How many cells of each community; without it as many as fit.",
    ),
    effort_hours=about(
        {"type": "number", "minimum": 0.05, "maximum": 100}, "Of the replay: what a case takes."
    ),
    hours_per_day={"type": "number", "minimum": 1, "maximum": 24},
    officers={"type": "integer", "minimum": 1, "maximum": 50},
)

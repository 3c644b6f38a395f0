"""What the interface of cases takes and answers, as JSON schemas; enumerations and bounds are those of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.rules.clock_events import Counting
from app.cases.rules.clocks import Lamp
from app.cases.rules.conditions import OWNER, Risk, Verification
from app.cases.rules.deadlines import Why
from app.cases.rules.deciding import Reason
from app.cases.rules.fields import FIELDS, LEAST_EXACT_M, LONGEST, MOST_FILES, MOST_UNITS, Kind
from app.cases.rules.folding import IMPORTED
from app.cases.rules.limits import WRITTEN, LimitUnit
from app.cases.rules.loops import Loop, Seat
from app.cases.rules.moves import EDGES, Move
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Stage
from app.cases.service.moving import CHAINS
from app.cases.service.reporting import PHONE, SHOWN
from app.files.rules import Kind as FileKind
from app.web.shapes import (
    CASE_ID,
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    MOST_ID,
    NUMBER,
    TEXT,
    UUID,
    WHOLE,
    YES,
    Named,
    Schema,
    about,
    items,
    maybe,
    optional,
    page,
    record,
    table,
    words,
)

STATE = Named("CaseState", about(words(CaseState), "状态: where a case stands."))
LOOP = Named("Loop", about(words(Loop), "自循环, 微循环, 小循环: the level that deals with a case."))
MOVE = Named("Move", about(words([*Move, IMPORTED]), "What was done with a case."))
VERSION = about(
    {"type": "integer", "minimum": 0, "maximum": MOST_ID}, "How many rows the log of the case has."
)
PLACE = Named("Position", about(record(only_these_=True, lon=LON, lat=LAT), "Degrees, EPSG:4490."))
ACCURACY: Schema = {"type": "number", "minimum": 0, "maximum": LEAST_EXACT_M}
STOOD = Named(
    "Standpoint",
    about(
        record(("accuracy_m",), only_these_=True, lon=LON, lat=LAT, accuracy_m=maybe(ACCURACY)),
        "Degrees, EPSG:4490; metres.",
    ),
)
AMOUNT = about(
    {"type": "string", "pattern": f"^(?:{WRITTEN.pattern})$"},
    "An exact amount in the unit of the limit: 4, 0.5, 1/2.",
)
FILES = about(items(ID, most=MOST_FILES), "Ids of files that were taken in by `POST /api/v1/files`.")
CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": r"^\S+$"}
WRITTEN_TEXT: Schema = {"type": "string", "maxLength": LONGEST}

KINDS: Mapping[Kind, Schema] = {
    Kind.TEXT: WRITTEN_TEXT,
    Kind.FILES: FILES,
    Kind.CONDITION: about(CODE, "立案条件: its number."),
    Kind.UNIT: about(ID, "Id of a unit."),
    Kind.UNITS: about(items(ID, most=MOST_UNITS), "Ids of units."),
    Kind.ACCOUNT: about(ID, "Id of an account."),
    Kind.CASE: about(CASE_ID, "Id of a case."),
    Kind.AMOUNT: AMOUNT,
    Kind.DATE: DAY,
    Kind.INSTANT: about(INSTANT, "With its zone."),
    Kind.PLACE: about(STOOD, "Where it was done, and within how many metres that is so."),
    Kind.YES: YES,
    Kind.CODE: CODE,
}
"""What a field of each kind holds."""


def _table_of_moves() -> str:
    """The moves that people make, with their fields."""
    told = []
    for edge in EDGES:
        if edge.seats != {Seat.PLATFORM}:
            parts = [f"`{edge.move.value}`"]
            parts += [f"needs {', '.join(sorted(edge.needs))}"] if edge.needs else []
            parts += [f"may have {', '.join(sorted(edge.may))}"] if edge.may else []
            told.append("- " + "; ".join(parts))
    told += [f"- `{name}`: the fields of {', '.join(moves)} together" for name, moves in CHAINS.items()]
    return "Exactly the fields of the move:\n" + "\n".join(told)


GIVEN = Named(
    "Given",
    about(
        record(FIELDS, only_these_=True, **{name: optional(KINDS[kind]) for name, kind in FIELDS.items()}),
        _table_of_moves(),
    ),
)
_ASKED: dict[str, Schema | Named] = {
    "move": words([*(move for move in Move if move is not Move.REPORT), *CHAINS]),
    "version": about(VERSION, "As it was seen: a case that has gone on meanwhile is not moved (409)."),
    "client_id": about(
        UUID, "Made by the client: a request that is sent again is carried out once and answered alike."
    ),
    "given": GIVEN,
}
MOVE_ASKED = Named("MoveRequest", record(("given",), **_ASKED))
MOVES_ASKED = Named(
    "MovesRequest", record(moves=items(record(("given",), case_id=CASE_ID, **_ASKED), least=1, most=100))
)

CONTACT = record(
    ("name",),
    name=optional({"type": "string", "maxLength": SHOWN}),
    phone={"type": "string", "pattern": f"^{PHONE.pattern}$"},
)
_MAY_SAY: dict[str, Schema | Named] = {
    "description": WRITTEN_TEXT,
    "address": WRITTEN_TEXT,
    "position": PLACE,
    "area": about(CODE, "Code of an area on whose desk it is put, where there is no position."),
    "source": about(CODE, "Where it comes from; by default what the reporter's post says."),
    "files": FILES,
    "contact": about(CONTACT, "Whom to tell; seen only by those who answer."),
    "condition": about(
        CODE, "立案条件 that is met: its number. With a picture, an officer's goes out at once."
    ),
}
REPORT = Named(
    "Report",
    {
        **record(
            _MAY_SAY,
            only_these_=True,
            client_id=UUID,
            category=about(CODE, "小类: its code."),
            **{name: optional(shape) for name, shape in _MAY_SAY.items()},
        ),
        "allOf": [
            {"anyOf": [{"required": ["position"]}, {"required": ["area"]}]},
            {"anyOf": [{"required": ["description"]}, {"required": ["files"]}]},
        ],
    },
)

TOLD = Named(
    "MoveAnswer",
    record(
        ("split_id",),
        case_id=CASE_ID,
        number=maybe(TEXT),
        version=VERSION,
        move=MOVE,
        state=STATE,
        loop=LOOP,
        unit_id=maybe(ID),
        due_at=maybe(INSTANT),
        at=INSTANT,
        split_id=CASE_ID,
    ),
)
TOLD_EACH = Named(
    "MoveResults",
    record(
        results=items(
            {
                **record(
                    ("answer", "code", "title"),
                    case_id=about({}, "As it was given."),
                    status={"type": "integer", "minimum": 200, "maximum": 499},
                    answer=TOLD,
                    code=about(TEXT, "Of what was wrong; its facts stand beside it."),
                    title=about(TEXT, "The same as a sentence."),
                ),
                "additionalProperties": True,
            },
            most=100,
        )
    ),
)
_FIELD = record(name=words(FIELDS), kind=words(Kind))
OFFERED = Named(
    "AvailableMoves",
    record(
        case_id=CASE_ID,
        version=VERSION,
        items=items(record(move=words(Move), target=maybe(STATE), needs=items(_FIELD), may=items(_FIELD))),
    ),
)

_CASE: dict[str, Schema | Named] = {
    "id": CASE_ID,
    "number": maybe(about(TEXT, "编号: what it is called; none where it came from elsewhere.")),
    "ref": maybe(about(TEXT, "What its source calls it.")),
    "category_id": ID,
    "state": STATE,
    "loop": LOOP,
    "version": VERSION,
    "unit_id": maybe(about(ID, "主办: who has it.")),
    "reported_at": INSTANT,
    "due_at": maybe(INSTANT),
    "closed_at": maybe(INSTANT),
    "address": maybe(TEXT),
    "cell_id": maybe(ID),
    "lon": maybe(LON),
    "lat": maybe(LAT),
}
LISTED = Named(
    "ListedCase",
    record(
        **_CASE,
        cell=maybe(TEXT),
        cell_en=maybe(TEXT),
        cell_code=maybe(TEXT),
        rank=about(COUNT, "0 overdue, 1 nearly due, 2 in time, 3 suspended."),
        at=about(TEXT, "What it is ordered by within its rank."),
    ),
)
CASE = Named(
    "Case",
    record(
        **_CASE,
        unit=maybe(TEXT),
        condition=maybe(about(TEXT, "立案条件: the number of the one that it was registered under.")),
        risk=maybe(words(Risk)),
        source=maybe(TEXT),
        description=maybe(TEXT),
        area_id=ID,
        simulated=YES,
        file_name=maybe(about(TEXT, "The import that it came with.")),
        import_row=maybe(WHOLE),
        followed=about(YES, "关注: whether the one who asks follows it; of others nobody is told."),
    ),
)
CATEGORY = Named(
    "Category",
    record(
        id=ID, code=TEXT, name=TEXT, name_en=maybe(TEXT), line=maybe(TEXT), major=maybe(TEXT),
        count=about(COUNT, "Cases under the filter."),
    ),
)  # fmt: skip
LIMIT_OF = Named("Limit", record(amount=NUMBER, unit=words(LimitUnit)))
CONDITION = Named(
    "Condition",
    record(
        id=ID,
        number=TEXT,
        category_id=ID,
        condition=TEXT,
        closing_condition=TEXT,
        limit=LIMIT_OF,
        control=maybe(about(LIMIT_OF, "先控: by when the danger is made safe.")),
        season=maybe(TEXT),
        season_limit=maybe(LIMIT_OF),
        default_unit=about(TEXT, f"Code of a unit, or `{OWNER}`: found by where the thing stands."),
        lowest_loop=LOOP,
        risk=words(Risk),
        verification=words(Verification),
        self_handle=about(YES, "自行处置 is allowed."),
        standard_ref=maybe(TEXT),
        valid_from_on=DAY,
        valid_to_on=maybe(about(DAY, "The day after its last.")),
    ),
)

LOG_ROW = Named(
    "LogRow",
    record(
        version=VERSION,
        move=MOVE,
        source=maybe(STATE),
        target=STATE,
        loop=LOOP,
        unit_id=maybe(ID),
        unit=maybe(TEXT),
        account_id=maybe(ID),
        person=maybe(about(TEXT, "Only where the one who asks sees them anyway.")),
        role=maybe(TEXT),
        of_unit=maybe(TEXT),
        given=table(about({}, "As it was given; null for a text that was forgotten.")),
        facts=table({}),
        at=INSTANT,
        recorded_at=INSTANT,
        seats=items(words(Seat)),
        files=items(record(file=ID, field=TEXT)),
    ),
)
LOG = page(LOG_ROW, VERSION)

_STEP = record(
    on=DAY, begin_at=maybe(INSTANT), end_at=maybe(INSTANT), used=NUMBER, why=words(Why), name=TEXT, name_en=TEXT,
    known=YES,
)  # fmt: skip
_SEGMENT = record(
    begin_at=INSTANT, end_at=INSTANT, whose=TEXT, counting=words(Counting), used=NUMBER, why=TEXT
)
CLOCK = Named(
    "Clock",
    record(
        stage=words(Stage),
        calendar=TEXT,
        started_at=INSTANT,
        limit=about(items({"anyOf": [NUMBER, words(LimitUnit)]}, least=2, most=2), "How many of which unit."),
        total=NUMBER,
        used=NUMBER,
        extensions=COUNT,
        ended_at=maybe(INSTANT),
        paused=YES,
        lamp=words(Lamp),
        overdue=YES,
        due_at=maybe(INSTANT),
        provisional=about(YES, "暂定: it needs a day whose holidays are not announced."),
        near_at=maybe(INSTANT),
        steps=items(about(_STEP, "How the due time comes about, line by line.")),
        segments=items(about(_SEGMENT, "Whose time it was.")),
    ),
)
CLOCKS = record(now=INSTANT, items=items(CLOCK))
SIMILAR = record(
    items=items(
        record(
            id=CASE_ID, number=maybe(TEXT), ref=maybe(TEXT), state=STATE, category_id=ID, reported_at=INSTANT,
            due_at=maybe(INSTANT), distance_m=NUMBER, same_category=YES,
        )
    )
)  # fmt: skip

_FILE = {
    "id": ID,
    "kind": words(FileKind),
    "size_bytes": COUNT,
    "width": COUNT,
    "height": COUNT,
    "duration_s": maybe(NUMBER),
    "taken_at": maybe(INSTANT),
}
TAKEN = Named(
    "TakenFile",
    record(**_FILE, position=maybe(record(lon=LON, lat=LAT, accuracy_m=maybe(NUMBER)))),
)
ATTACHED = Named(
    "AttachedFile",
    record(
        **_FILE,
        version=VERSION,
        field=TEXT,
        taken_at_assumed=about(YES, "The file said no time zone."),
        lon=maybe(LON),
        lat=maybe(LAT),
        accuracy_m=maybe(NUMBER),
        distance_m=maybe(about(NUMBER, "How far from the case it was taken.")),
    ),
)

MOVE_REFUSED = sorted(f"move_{reason.value}" for reason in Reason)
"""Codes of a move that the table or a guard refuses."""

"""What a screen is told of a case, as JSON schemas."""

from __future__ import annotations

from app.cases.api import shapes
from app.cases.rules.clock_events import Counting
from app.cases.rules.clocks import Lamp
from app.cases.rules.conditions import Risk, Verification
from app.cases.rules.fields import FIELDS, Kind
from app.cases.rules.loops import Seat
from app.cases.rules.moves import Asked, Move
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Stage
from app.cases.service.clock_faces import ENDED, MARKS, NO_LIMIT
from app.cases.service.moving import CHAINS
from app.web.shapes import (
    CASE_ID,
    COUNT,
    ID,
    INSTANT,
    LAT,
    LON,
    NUMBER,
    TEXT,
    YES,
    Named,
    about,
    items,
    maybe,
    record,
    table,
    words,
)  # fmt: skip

MARK = words({*MARKS.values(), "closed"})
NAMED = record(("id",), id=ID, name=TEXT, name_en=maybe(TEXT))
AMOUNT = about(items(TEXT, least=2, most=2), "The word for its unit, and how many.")
AREA = record(id=ID, level=TEXT, code=TEXT, name=TEXT, name_en=maybe(TEXT))
FACE = record(
    lamp=words([*Lamp, ENDED, NO_LIMIT]),
    mark=MARK,
    due_at=maybe(INSTANT),
    near_at=maybe(about(INSTANT, "临期: from when on it is nearly due.")),
    stage=maybe(words(Stage)),
    provisional=YES,
)
HOLDER = about(
    record(kind=words(["unit", "person", "desk"]), name=TEXT, name_en=maybe(TEXT)),
    "Whose turn it is; of a desk the name is its loop.",
)
WHO = words(["desk", "unit", "patrol", "checker", "nobody"])
SEGMENT = record(
    who=WHO,
    counting=words(Counting),
    begin_at=INSTANT,
    end_at=INSTANT,
    x=about(NUMBER, "Where it begins, in thousandths of the clock's length."),
    width=NUMBER,
)
SHARE = record(who=WHO, which=TEXT, unit=maybe(NAMED), counting=words(Counting), used=AMOUNT)
CLOCK = Named(
    "ClockBar",
    record(
        stage=words(Stage),
        lamp=words([*Lamp, ENDED]),
        mark=MARK,
        ended=YES,
        overdue=YES,
        total=AMOUNT,
        used=AMOUNT,
        due_at=maybe(INSTANT),
        provisional=YES,
        extensions=COUNT,
        due_x=maybe(NUMBER),
        segments=items(SEGMENT),
        shares=about(items(SHARE), "Whose time it was, each once."),
    ),
)
LINE = record(field=TEXT, kind=words(Kind), value={}, unit=maybe(TEXT), names=items(maybe(NAMED)))
ROW = Named(
    "StoryRow",
    record(
        version=shapes.VERSION,
        move=shapes.MOVE,
        source=maybe(shapes.STATE),
        target=shapes.STATE,
        at=INSTANT,
        person=maybe(about(TEXT, "Only where the one who asks sees them anyway.")),
        role=maybe(TEXT),
        of_unit=maybe(TEXT),
        taken_back=YES,
        somebody=about(YES, "Whether a person did it, or the platform."),
        seat=maybe(words(Seat)),
        origin=maybe(TEXT),
        late_entry=about(YES, "补录: it was entered after it was done."),
        route=maybe(record(by=maybe(TEXT), followed=YES)),
        said=items(LINE),
    ),
)
LINK = record(kind=TEXT, outgoing=YES, id=CASE_ID, number=maybe(TEXT), ref=maybe(TEXT), state=shapes.STATE)
RATING = record(closing=COUNT, solved=YES, satisfied=COUNT, remark=maybe(TEXT), at=INSTANT, merged=YES)
FILE = {
    **shapes.ATTACHED.schema,
    "properties": {**shapes.ATTACHED.schema["properties"], "phase": words(["before", "after", "check"])},
    "required": [*shapes.ATTACHED.schema["required"], "phase"],
}
CONTACT = record(name=maybe(TEXT), phone=TEXT)

SHEET = Named(
    "CaseSheet",
    record(
        id=CASE_ID,
        number=maybe(TEXT),
        ref=maybe(TEXT),
        state=shapes.STATE,
        loop=shapes.LOOP,
        version=shapes.VERSION,
        reported_at=INSTANT,
        closed_at=maybe(INSTANT),
        source=maybe(TEXT),
        address=maybe(TEXT),
        description=maybe(TEXT),
        simulated=YES,
        lon=maybe(LON),
        lat=maybe(LAT),
        category=TEXT,
        category_en=maybe(TEXT),
        line=maybe(TEXT),
        major=maybe(TEXT),
        restricted=about(YES, "限知: text and place only for those who deal with it."),
        condition_number=maybe(TEXT),
        condition=maybe(TEXT),
        closing_condition=maybe(TEXT),
        verification=maybe(words(Verification)),
        risk=maybe(words(Risk)),
        unit=maybe(TEXT),
        unit_en=maybe(TEXT),
        file_name=maybe(TEXT),
        crew=maybe(TEXT),
        co_units=items(NAMED),
        contact=maybe(about(CONTACT, "Masked; there for desks that answer callers.")),
        returns=COUNT,
        extensions=COUNT,
        verified=YES,
        pending=items(words(Asked)),
        is_open=YES,
        step=maybe({"type": "integer", "minimum": 1, "maximum": 5}),
        reached=items(record(step=COUNT, at=INSTANT)),
        face=FACE,
        holder=HOLDER,
        undo_seconds=COUNT,
        now=INSTANT,
        path=items(AREA),
        clocks=items(CLOCK),
        log=items(ROW),
        more=about(YES, "The story goes on in `…/log`."),
        files=items(FILE),
        links=items(LINK),
        ratings=items(RATING),
        similar=shapes.SIMILAR["properties"]["items"],
    ),
)

CHOICE = record(value=TEXT, name=TEXT, name_en=maybe(TEXT), suggested=YES, note=table({}))
FIELD = Named(
    "FormField",
    record(
        name=words(FIELDS),
        kind=words(Kind),
        needed=YES,
        list=maybe(about(COUNT, "Its choices: a place in `lists`.")),
        phrases=items(TEXT),
        least=TEXT,
        most=TEXT,
        unit=TEXT,
        why=about(items(TEXT), "Why the suggested unit is suggested, line by line."),
    ),
)
FORMS = Named(
    "MoveForms",
    record(
        case_id=CASE_ID,
        account_id=maybe(ID),
        version=shapes.VERSION,
        items=items(
            record(
                move=words([*Move, *CHAINS]),
                target=maybe(words(CaseState)),
                place=about(words(["first", "more", "talk", "undo"]), "Where it is offered."),
                fields=items(FIELD),
            )
        ),
        lists=items(items(CHOICE)),
    ),
)

"""The tables of reference data that the system administrator edits, each described once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.cases.rules.conditions import OWNER, Risk, Verification
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.loops import Loop
from app.cases.rules.reference import Check, Column, Part, ReferenceTable, Texts, When, Wrong
from app.cases.rules.reference_kinds import Kind, weekdays
from app.cases.rules.routing import LADDERS
from app.cases.rules.timing import DESK_STAGES
from app.errors import InvalidError


def _together(*names: str) -> Check:
    """All of these columns, or none."""

    def check(row: Texts) -> Iterator[Wrong]:
        if any(row.get(name) for name in names):
            yield from (Wrong(name, "goes_together") for name in names if not row.get(name))

    return check


def _limit(amount: str, unit: str) -> Check:
    def check(row: Texts) -> Iterator[Wrong]:
        if row.get(amount) and row.get(unit):
            try:
                Limit.parse(row[amount], row[unit])
            except InvalidError:
                yield Wrong(amount, "not_limit", row[amount])

    return check


def _all(*checks: Check) -> Check:
    def check(row: Texts) -> Iterator[Wrong]:
        for one in checks:
            yield from one(row)

    return check


def _closed(row: Texts) -> Iterator[Wrong]:
    if row.get("state") == "closed" and row.get("hours"):
        yield Wrong("hours", "closed_has_hours", row["hours"])


def _two_ends(row: Texts) -> Iterator[Wrong]:
    if row.get("opens_at") and row.get("opens_at") == row.get("closes_at"):
        yield Wrong("closes_at", "same_time", row["closes_at"])


def _same_days(one: Texts, other: Texts) -> str:
    """The column in which hours of a calendar speak of the same weekdays of the same season."""
    same = all(one[name] == other[name] for name in ("calendar", "season_begin", "season_end"))
    return "weekdays" if same and weekdays(one["weekdays"]) & weekdays(other["weekdays"]) else ""


def _same_letter(one: Texts, other: Texts) -> str:
    return "letter" if one["letter"] == other["letter"] else ""


UNITS = tuple(unit.value for unit in LimitUnit)
NAMES = (Column("name", needed=True, most=60), Column("name_en", most=120))
LOOPS = tuple(loop.value for loop in Loop)
SOURCES = ("import", "ruling", "demo", "entered")
UNIT_KINDS = (
    "command", "sub_centre", "territory", "community", "party", "department", "agency", "crew", "utility", "body",
)  # fmt: skip
KINDS = (
    Part("category_id", "categories", by_id=True), Part("major", "majors"), Part("line", "business_lines"),
)  # fmt: skip
"""种类: a category, a major class or a business line; a code that several of them have is the most specific one."""

PHRASE_KINDS = (
    "decline_reason", "return_reason", "extension_reason", "suspension_reason", "verification_failure", "phrase",
)  # fmt: skip
"""The other kinds of the file are for simulated cases alone."""

TABLES: tuple[ReferenceTable, ...] = (
    ReferenceTable(
        "filing_conditions",
        ("number",),
        (
            Column("number", Kind.NUMBER, True, 20),
            Column("category", Kind.NUMBER, True, refers="categories", stored="category_id", by_id=True),
            Column("condition", Kind.TEXT, True, 500),
            Column("closing_condition", Kind.TEXT, True, 500),
            Column("limit", Kind.AMOUNT, True, stored="limit_amount", measured="limit_unit"),
            Column("limit_unit", Kind.CHOICE, True, choices=UNITS),
            Column("control_limit", Kind.AMOUNT, stored="control_amount", measured="control_unit"),
            Column("control_unit", Kind.CHOICE, choices=UNITS),
            Column("season", Kind.CODE, refers="seasons"),
            Column("season_limit", Kind.AMOUNT, stored="season_amount", measured="season_unit"),
            Column("season_unit", Kind.CHOICE, choices=UNITS),
            Column("unit", Kind.CODE, True, refers="units", choices=(OWNER,), stored="default_unit"),
            Column("lowest_loop", Kind.CHOICE, True, choices=LOOPS, words="loop."),
            Column("risk", Kind.CHOICE, True, choices=tuple(risk.value for risk in Risk), words="risk."),
            Column(
                "verification",
                Kind.CHOICE,
                True,
                choices=tuple(way.value for way in Verification),
                words="verification.",
            ),
            Column("self_handle", Kind.YES_NO, True),
            Column("standard_ref", Kind.TEXT, most=200),
        ),
        check=_all(
            _together("control_limit", "control_unit"),
            _together("season", "season_limit", "season_unit"),
            _limit("limit", "limit_unit"),
            _limit("control_limit", "control_unit"),
            _limit("season_limit", "season_unit"),
        ),
    ),
    ReferenceTable(
        "categories",
        ("code",),
        (
            Column("code", Kind.NUMBER, True, 20),
            *NAMES,
            Column("major", Kind.CODE, refers="majors"),
            Column("line", Kind.CODE, refers="business_lines"),
            Column("switched_on", Kind.YES_NO, True),
            Column("restricted", Kind.YES_NO, True),
            Column("standard_ref", Kind.TEXT, most=200),
        ),
        stored="case_categories",
        dated=False,
    ),
    ReferenceTable(
        "majors",
        ("code",),
        (Column("code", Kind.CODE, True), Column("line", Kind.CODE, True, refers="business_lines"), *NAMES),
    ),
    ReferenceTable(
        "business_lines",
        ("code",),
        (Column("code", Kind.CODE, True), Column("letter", Kind.LETTER, True), *NAMES),
        clash=_same_letter,
    ),
    ReferenceTable(
        "units",
        ("code",),
        (
            Column("code", Kind.CODE, True, 40),
            *NAMES,
            Column("full_name", most=120),
            Column("kind", Kind.CHOICE, True, choices=UNIT_KINDS, words="units.kind_"),
            Column("duties", most=500),
            Column("opens_at", Kind.CLOCK),
            Column("closes_at", Kind.CLOCK),
            Column("night_unit", Kind.CODE, refers="units", stored="night_unit_id", by_id=True),
            Column("calendar", Kind.CODE, refers="calendars"),
            Column("day_phone", Kind.PHONE, most=20),
            Column("night_phone", Kind.PHONE, most=20),
            Column("inner_check", Kind.YES_NO),
        ),
        dated=False,
        fixed=frozenset({"kind"}),
        check=_all(_together("opens_at", "closes_at"), _two_ends),
        leaves_out=("kind", ("council", "security_team")),
        not_made=("kind", ("command", "sub_centre")),
    ),
    ReferenceTable(
        "seasons",
        ("code",),
        (
            Column("code", Kind.CODE, True),
            *NAMES,
            Column("begin", Kind.MONTH_DAY, True),
            Column("end", Kind.MONTH_DAY, True),
        ),
    ),
    ReferenceTable(
        "phrases",
        ("kind", "of", "text"),
        (
            Column("kind", Kind.CHOICE, True, choices=PHRASE_KINDS),
            Column("of", Kind.CODE),
            Column("text", Kind.TEXT, True, 500),
        ),
    ),
    ReferenceTable(
        "calendars",
        ("code",),
        (
            Column("code", Kind.CODE, True),
            *NAMES,
            Column("zone", Kind.ZONE, True),
            Column("country", Kind.CHOICE, choices=("CN",)),
            Column("known_until_on", Kind.DAY),
        ),
    ),
    ReferenceTable(
        "calendar_hours",
        ("calendar", "season_begin", "season_end", "weekdays"),
        (
            Column("calendar", Kind.CODE, True, refers="calendars"),
            Column("season_begin", Kind.MONTH_DAY),
            Column("season_end", Kind.MONTH_DAY),
            Column("weekdays", Kind.WEEKDAYS, True),
            Column("hours", Kind.HOURS, True),
        ),
        check=_together("season_begin", "season_end"),
        clash=_same_days,
    ),
    ReferenceTable(
        "calendar_days",
        ("on", "calendar"),
        (
            Column("on", Kind.DAY, True),
            Column("calendar", Kind.CODE, True, refers="calendars", choices=("*",)),
            Column("state", Kind.CHOICE, True, choices=("open", "closed")),
            Column("hours", Kind.HOURS),
            Column("name", most=60),
            Column("name_en", most=120),
        ),
        check=_closed,
    ),
    ReferenceTable(
        "stage_limits",
        ("stage", "urgent"),
        (
            Column("stage", Kind.CHOICE, True, choices=tuple(sorted(DESK_STAGES)), words="stage."),
            Column("urgent", Kind.YES_NO, True),
            Column("amount", Kind.FRACTION, True, measured="unit"),
            Column("unit", Kind.CHOICE, True, choices=UNITS),
        ),
        check=_limit("amount", "unit"),
    ),
    ReferenceTable(
        "loops",
        ("code",),
        (
            Column("code", Kind.CHOICE, True, choices=LOOPS, words="loop."),
            *NAMES,
            Column("calendar", Kind.CODE, True, refers="calendars"),
        ),
    ),
    ReferenceTable(
        "routing_rules",
        ("kind", "area"),
        (
            Column("kind", Kind.TEXT, True, 40, refers="kinds", parts=KINDS),
            Column("area", Kind.TEXT, True, 40, refers="areas", stored="area_no", by_id=True),
            Column(
                "unit",
                Kind.TEXT,
                True,
                60,
                choices=tuple(LADDERS),
                refers="units",
                stored="unit_code",
                words="route.code_",
            ),
            Column("note", Kind.TEXT, most=200),
        ),
        constant={"source": "entered"},
    ),
    ReferenceTable(
        "maintenance_areas",
        ("code",),
        (
            Column("code", Kind.TEXT, True, 60),
            Column("name", Kind.TEXT, True, 120),
            Column("kind", Kind.TEXT, most=40, refers="kinds", parts=KINDS),
            Column("unit", Kind.TEXT, True, 60, refers="units", stored="unit_id", by_id=True),
            Column("tolerance_m", Kind.METRES, True, 6),
            Column("source", Kind.CHOICE, choices=SOURCES, when=When.NEVER),
            Column("ended_because", Kind.TEXT, most=200, when=When.WITH_END),
        ),
        only_ended=("source", ("ruling",)),
        by_file=True,
        carried=("geom", "simulated"),
        constant={"source": "entered"},
    ),
)
"""In the order in which they are offered."""

BY_NAME: Mapping[str, ReferenceTable] = {table.name: table for table in TABLES}

"""What the interface takes and answers of reports."""

from __future__ import annotations

from app.reports.rules.acts import Act
from app.reports.rules.formats import Format
from app.reports.rules.kinds import Grain, ReportKind
from app.reports.rules.states import LONGEST_PARAGRAPH, LONGEST_REMARK, State
from app.web.i18n import LOCALES
from app.web.shapes import (
    COUNT,
    DAY,
    ID,
    INSTANT,
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

MOST_FORMATS, MOST_SECTIONS, MOST_WORDS = len(Format), 20, 200
CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 40}
SCOPE: Schema = {"type": "string", "maxLength": 2000}
REMARK: Schema = {"type": "string", "maxLength": LONGEST_REMARK}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
PERIOD: Schema = {"type": "string", "maxLength": 20}
EDITION = about(
    COUNT, "The edition that one has read; another one is refused (409). 0 is the one that was made."
)
PROBLEM = record(code=TEXT, facts=table({}), said=about(TEXT, "In the language that the request prefers."))

LISTED_FIELDS = {
    "id": ID,
    "definition": TEXT,
    "version": COUNT,
    "kind": words(ReportKind),
    "title": TEXT,
    "scope": about(
        TEXT, "Code of an area or a unit, number of a case, id of a place, question of a selection."
    ),
    "scope_name": TEXT,
    "since_on": DAY,
    "until_on": DAY,
    "known_at": about(INSTANT, "As far as the log was written then."),
    "locale": words(LOCALES),
    "formats": items(words(Format)),
    "state": words(State),
    "part": about(NUMBER, "How far it is, from 0 to 1."),
    "doing": maybe(about(TEXT, "The section or the format that is worked on.")),
    "stopping": about(YES, "It is wanted no longer, and ends at its next section."),
    "rewording": about(YES, "Its next edition is being written."),
    "problem": maybe(PROBLEM),
    "failed": about(items(TEXT), "Sections that could not be made; the report says why."),
    "edition": about(COUNT, "The one that stands."),
    "asked_at": INSTANT,
    "done_at": maybe(INSTANT),
    "own": about(YES, "The one who asks has asked for it."),
    "circulated_at": maybe(INSTANT),
    "circulated_name": maybe(TEXT),
    "issued_at": maybe(INSTANT),
    "issued_name": maybe(TEXT),
    "issue_remark": maybe(about(TEXT, "Why it was issued though somebody objects.")),
}
LISTED = Named("ListedReport", record(**LISTED_FIELDS))
FILE = record(
    name=TEXT,
    format=words(Format),
    size_bytes=COUNT,
    sha256=SHA256,
    called=about(TEXT, "What it is called where it is kept."),
)
WORDS = record(section=TEXT, paragraph=TEXT, text=TEXT)
REWORDED = record(
    only_these_=True,
    section=CODE,
    paragraph=CODE,
    text={"type": "string", "minLength": 1, "maxLength": LONGEST_PARAGRAPH},
)
ONE = Named(
    "Report",
    record(
        **LISTED_FIELDS,
        acts=about(items(words(Act)), "What the one who asks can do with it."),
        editions=items(
            record(
                no=COUNT, made_at=INSTANT, digest=about(SHA256, "Of all that it says, whatever it is written as."),
                counts=table(COUNT), words=about(items(WORDS), "What was edited since the one before."),
                files=items(FILE),
            )
        ),
        signatures=items(
            record(edition=COUNT, name=TEXT, agreed=YES, remark=maybe(TEXT), at=INSTANT, own=YES)
        ),
        unwritten=maybe(
            about(record(words=items(WORDS), problem=PROBLEM), "An edition that could not be written, and why.")
        ),
    ),
)  # fmt: skip
PARAGRAPH = record(section=TEXT, code=TEXT, heading=TEXT, text=TEXT)

ASKED = record(
    ("scope", "period", "formats", "locale", "known_at"),
    only_these_=True,
    client_id=about(UUID, "Made by the client: what is sent again is one run."),
    definition=about(CODE, "Code of a definition; every kind of report has one of its name."),
    scope=about(
        optional(SCOPE), "Left out: the widest area that the one who asks answers for, or their unit."
    ),
    period=about(
        optional(PERIOD),
        "2026Q3, 2026-09, 2026-W39, 2026-09-30, as the kind has it; left out: the last one over.",
    ),
    formats=about(items(words(Format), most=MOST_FORMATS), "Left out or empty: those of the definition."),
    locale=optional(words(LOCALES)),
    known_at=about(optional(INSTANT), "As of which instant; left out: now."),
)
AGAIN = record(
    only_these_=True,
    client_id=UUID,
    as_of=about(
        words(("then", "now")), "then: as the log was known, to the same bytes; now: as it is known."
    ),
)
EDITED = record(only_these_=True, edition=EDITION, words=items(REWORDED, least=1, most=MOST_WORDS))
AT_EDITION = record(only_these_=True, edition=EDITION)
SIGNED = record(
    ("remark",),
    only_these_=True,
    edition=EDITION,
    agreed=YES,
    remark=about(optional(REMARK), "Needed for an objection."),
)
ISSUED = record(
    ("reason",),
    only_these_=True,
    edition=EDITION,
    reason=about(optional(REMARK), "Needed where somebody objects."),
)

DEFINITION_FIELDS = {
    "code": TEXT,
    "version": COUNT,
    "kind": words(ReportKind),
    "title": about(TEXT, "Empty: the name of the kind."),
    "title_en": TEXT,
    "sections": items(TEXT),
    "formats": items(words(Format)),
    "retired": YES,
}
DEFINITION = Named(
    "ReportDefinition",
    record(
        **DEFINITION_FIELDS,
        grain=maybe(words(Grain)),
        choosable=about(items(TEXT), "Sections that one of its kind can have."),
        made=about(YES, "The platform can make it."),
    ),
)
COMPOSED = record(
    ("title", "title_en"),
    only_these_=True,
    code=about(
        {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}, "A new one, or that of a definition."
    ),
    version=about(COUNT, "The version that one knows; 0 for a new definition."),
    kind=words(ReportKind),
    title=optional({"type": "string", "maxLength": 120}),
    title_en=optional({"type": "string", "maxLength": 120}),
    sections=about(items(CODE, least=1, most=MOST_SECTIONS), "In the order in which they stand."),
    formats=items(words(Format), least=1, most=MOST_FORMATS),
)
SCHEDULE = Named(
    "ReportSchedule",
    record(
        id=ID, definition=TEXT, scope=TEXT, formats=items(words(Format)), locale=words(LOCALES),
        at=about(TEXT, "Of the day, in the district's zone: 06:30."), next_on=about(DAY, "When it is made next."),
        problem=maybe(PROBLEM),
    ),
)  # fmt: skip
SCHEDULED = record(
    ("scope", "formats", "locale"),
    only_these_=True,
    client_id=UUID,
    definition=CODE,
    scope=optional(SCOPE),
    formats=items(words(Format), most=MOST_FORMATS),
    locale=optional(words(LOCALES)),
    at=about(
        {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "Of the day, in the district's zone.",
    ),
)
VERIFIED = Named(
    "VerifiedReport",
    record(
        id=ID, title=TEXT, kind=words(ReportKind), scope_name=TEXT, since_on=DAY, until_on=DAY, name=TEXT,
        format=words(Format), definition=TEXT, version=COUNT, edition=COUNT,
        stands=about(YES, "No later edition has taken its place."), issued=YES,
        known_at=about(TEXT, "In the district's zone, to the minute."), digest=SHA256, counts=table(COUNT),
    ),
)  # fmt: skip

"""What the imports' door takes and answers."""

from __future__ import annotations

from app.interop.rules.preparing import KINDS, Doing, State
from app.registry.api import shapes as registry
from app.registry.service.addressing import Confidence
from app.web.shapes import (
    CASE_ID,
    COUNT,
    INSTANT,
    NUMBER,
    TEXT,
    UUID,
    WHOLE,
    YES,
    Named,
    about,
    items,
    maybe,
    record,
    table,
    words,
)

IMPORT_ID = {**CASE_ID}
COUNTS = record(added=COUNT, changed=COUNT, unchanged=COUNT, skipped=COUNT)
PROGRESS = {
    "state": words(State),
    "doing": maybe(words(Doing)),
    "begun": YES,
    "stopping": YES,
    "rows_read": COUNT,
    "part": about(NUMBER, "How much of the file is read, from 0 to 1."),
}
HEAD = {
    "id": IMPORT_ID, "client_id": UUID, "kind": words(KINDS), "file_name": TEXT, "size_bytes": COUNT,
    "sent_at": INSTANT, "done_at": maybe(INSTANT), "has_file": YES, "has_faults": YES,
    "kept_until": maybe(about(INSTANT, "When what is still here of the file is deleted.")), "counts": COUNTS,
    **PROGRESS,
}  # fmt: skip
LISTED = Named("Import", record(**HEAD))
FIELDS = about(table(TEXT), "Field, and the column that holds it; no other column is read.")
GIVEN = about(table(TEXT), "What holds for rows that say nothing: `type`, `legal_basis`, `retain_until_on`.")
FAULT = record(row=maybe(WHOLE), field=maybe(TEXT), code=TEXT, value=maybe(TEXT), facts={"type": "object"})
OPEN_ADDRESS = record(
    row=COUNT, said=maybe(TEXT),
    likeliest=maybe(record(id=registry.ELEMENT_ID, confidence=words(Confidence), likeness=NUMBER, left=TEXT)),
)  # fmt: skip
REPORT = record(
    rows_read=COUNT, added=COUNT, changed=COUNT, unchanged=COUNT, skipped=COUNT, fault_count=COUNT,
    faults=items(FAULT), notes=items(record(code=TEXT, facts={"type": "object"})), undecided=COUNT,
    addresses=record(exact=COUNT, parts=COUNT, open=COUNT, listed=items(OPEN_ADDRESS)),
)  # fmt: skip
HEADER = record(
    columns=maybe(items(TEXT)), refused=about(maybe(items(TEXT)), "Columns that are kept of nobody, and not read."),
    remembered=maybe(items(TEXT)), fields=maybe(items(TEXT)), shaped=maybe(YES), declared=maybe(YES),
    rows=maybe(COUNT), layers=about(maybe(items(TEXT)), "Where there are several, one has to be chosen first."),
)  # fmt: skip
READING = record(fields=FIELDS, given=GIVEN, source=maybe(TEXT), layer=maybe(TEXT), crs=TEXT, locale=TEXT)
ONE = Named(
    "ImportTold",
    record(
        **HEAD, header=HEADER, reading=READING, report=maybe(REPORT),
        problem=maybe(record(code=TEXT, facts={"type": "object"})), choices_open=COUNT, choices_made=COUNT,
    ),
)  # fmt: skip
CHOICE = Named(
    "ImportChoice",
    record(
        row=COUNT,
        said=record(
            name=maybe(TEXT), address=maybe(TEXT), entrance=maybe(TEXT), room=maybe(TEXT), type=TEXT,
            lon=maybe(NUMBER), lat=maybe(NUMBER),
        ),
        candidates=items(record(likeness=NUMBER, element=registry.LISTED)),
        decision=maybe(about(TEXT, "`new`, `skip`, or the id of what it is.")),
    ),
)  # fmt: skip

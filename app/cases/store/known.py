"""Cases of a load that are known already: left as they are, changed, or left alone since they were moved here."""

from __future__ import annotations

from app.cases.rules.folding import IMPORTED
from app.cases.store.partitions import Run
from app.cases.store.veiling import veil

OWN_REF = "panlong:"
"""What the reference of an exported case begins with that has none of its own; its id follows."""

PLAIN = "category_id, state, reported_at, due_at, closed_at, source"
CONTENT = f"{PLAIN}, address, description, geom"
"""What a source says of a case; what is told in confidence is compared without text and place, which are not there."""

# A case that was never moved here has rows `imported` alone; one that came before there was a log has none.
MOVED = f"EXISTS (SELECT FROM case_transitions t WHERE t.case_id = m.present AND t.move <> '{IMPORTED}')"

BEGIN = f"""
INSERT INTO case_transitions (case_id, version, move, target, loop, unit_id, area_no, facts, at)
SELECT c.id, 1, '{IMPORTED}', c.state, c.loop, c.unit_id, c.area_no, imported_facts(c), now()
FROM cases c JOIN case_match m ON m.present = c.id WHERE m.changed AND c.version = 0
"""

GO_ON = f"""
INSERT INTO case_transitions (case_id, version, move, source, target, loop, unit_id, area_no, facts, at)
SELECT c.id, c.version, '{IMPORTED}', m.state, c.state, c.loop, c.unit_id, c.area_no,
    imported_facts(c) || jsonb_strip_nulls(jsonb_build_object('import', CAST(:import_id AS int))), now()
FROM cases c JOIN case_match m ON m.present = c.id WHERE m.changed
"""


def merge(run: Run, table: str, log_table: str, import_id: int | None) -> tuple[int, int, int]:
    """Take the rows whose reference is known out of a load, and change their cases where they differ.

    Returns
    -------
    How many were changed, how many were as they are, how many were left alone.
    """
    known = "SELECT EXISTS (SELECT FROM cases WHERE external_ref IS NOT NULL OR NOT simulated)"
    if not run(known).scalar_one():
        return 0, 0, 0
    run(f"CREATE INDEX ON {table} (external_ref)")
    same = (
        "CASE WHEN (SELECT restricted FROM case_categories WHERE id = c.category_id)"
        f" THEN {_same(PLAIN)} ELSE {_same(CONTENT)} END"
    )
    run(
        f"CREATE TEMP TABLE case_match ON COMMIT DROP AS"
        f" SELECT l.id AS loaded, c.id AS present, c.state, {same} AS same"
        f" FROM {table} l JOIN cases c ON c.external_ref = l.external_ref UNION ALL"
        f" SELECT l.id, c.id, c.state, {same} FROM {table} l"
        f" JOIN cases c ON c.id = substr(l.external_ref, {len(OWN_REF) + 1})::bigint AND c.external_ref IS NULL"
        f" WHERE l.external_ref ~ '^{OWN_REF}[0-9]{{1,16}}$'"
    )
    # Nobody moves them from here on.
    run("SELECT FROM cases c JOIN case_match m ON c.id = m.present WHERE NOT m.same FOR UPDATE OF c")
    run("ALTER TABLE case_match ADD changed boolean")
    run(f"UPDATE case_match m SET changed = NOT same AND NOT {MOVED}")
    run(BEGIN)
    changed = run(
        f"UPDATE cases c SET ({CONTENT}) = (l.{CONTENT.replace(', ', ', l.')}), version = greatest(c.version, 1) + 1"
        f" FROM case_match m JOIN {table} l ON l.id = m.loaded WHERE c.id = m.present AND m.changed"
    ).rowcount
    veil(run, "cases", "t.id IN (SELECT present FROM case_match WHERE changed)")
    run(GO_ON, import_id=import_id)
    run(f"DELETE FROM {log_table} l USING case_match m WHERE l.case_id = m.loaded")
    gone = run(f"DELETE FROM {table} l USING case_match m WHERE l.id = m.loaded").rowcount
    moved = int(run("SELECT count(*) FROM case_match WHERE NOT same AND NOT changed").scalar_one())
    return changed, gone - changed - moved, moved


def _same(columns: str) -> str:
    return f"(l.{columns.replace(', ', ', l.')}) IS NOT DISTINCT FROM (c.{columns.replace(', ', ', c.')})"

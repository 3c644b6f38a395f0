"""What an import told, as it is kept and shown: bounded, and without any number of anybody."""

from __future__ import annotations

from typing import Any

from app.interop.rules.preparing import hidden, hidden_facts
from app.interop.service.elements.decisions import Decisions
from app.interop.service.report import ImportReport
from app.registry.rules.kinds import ElementKind
from app.registry.rules.sameness import Record as Said
from spatial.errors import Fault

SHOWN_FAULTS = 200
MOST_ASKED = 5_000
"""Rows of which a person is asked at a time; the others are asked when these are decided."""

Record = dict[str, Any]

OWN_WORDS = frozenset({"rows_undecided", "mapping_remembered", "addresses_resolved", "addresses_open"})
"""Notes that the page says in its own way, or that speak of the command line."""


def report_of(kind: str, report: ImportReport) -> Record:
    """A report as it is kept."""
    facts: dict[str, dict[str, Any]] = dict(report.notes)
    resolved = facts.get("addresses_resolved", {})
    return {
        "rows_read": report.rows_read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "fault_count": report.fault_count,
        "faults": [_fault(kind, fault) for fault in report.faults[:SHOWN_FAULTS]],
        "notes": [
            {"code": code, "facts": hidden_facts(kind, one)}
            for code, one in report.notes
            if code not in OWN_WORDS
        ],
        "undecided": facts.get("rows_undecided", {}).get("count", 0),
        "addresses": {
            "exact": resolved.get("exact", 0),
            "parts": resolved.get("parts", 0),
            "open": facts.get("addresses_open", {}).get("count", 0),
            "listed": [
                {
                    "row": one.row,
                    "said": hidden(kind, one.said),
                    "likeliest": None
                    if one.likeliest is None
                    else {
                        "id": one.likeliest.id,
                        "confidence": one.likeliest.confidence.value,
                        "likeness": round(one.likeliest.likeness, 2),
                        "left": one.likeliest.left,
                    },
                }
                for one in report.open_addresses
            ],
        },
    }


def _fault(kind: str, fault: Fault) -> Record:
    return {
        "row": fault.row,
        "field": fault.field,
        "code": fault.code,
        # What is kept of somebody is deleted with them: nothing of it stays here.
        "value": None if kind == ElementKind.PERSON else hidden(kind, fault.value),
        "facts": hidden_facts(kind, fault.facts),
    }


def fault_of(kept: Record) -> Fault:
    """A fault as it was kept, to be said in words."""
    return Fault(kept["code"], kept["row"], kept["field"], kept["value"], kept["facts"])


def asked_of(kind: str, decided: Decisions) -> list[Record]:
    """Rows of which a person is asked, each with what it says and what it may be."""
    return [
        {
            "row": row,
            "said": _said(kind, record),
            "candidates": [{"id": other.key, "likeness": round(degree, 2)} for degree, other in candidates],
        }
        for row, (record, candidates) in sorted(decided.asked.items())[:MOST_ASKED]
    ]


def _said(kind: str, record: Said) -> Record:
    texts = {name: getattr(record, name) for name in ("name", "address", "entrance", "room")}
    told = {name: hidden(kind, text) for name, text in texts.items()}
    return {**told, "type": record.type, "lon": record.lon, "lat": record.lat}

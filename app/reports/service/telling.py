"""A run as it is told: to programs, and to the pages that show it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.reports.rules.acts import acts
from app.reports.service.acting import is_rewording, standing
from app.reports.service.running import stem_of
from app.reports.store import runs, signing
from app.web.i18n import catalogue, translate

Record = dict[str, Any]

LISTED = (
    "id", "definition", "version", "kind", "title", "scope", "scope_name", "since_on", "until_on", "known_at", "locale",
    "formats", "state", "part", "doing", "failed", "edition", "asked_at", "done_at", "own", "circulated_at",
    "circulated_name", "issued_at", "issued_name", "issue_remark",
)  # fmt: skip


def row(run: Record, locale: str) -> Record:
    """A run as lists show it, with what went wrong as a sentence."""
    told = {name: run[name] for name in LISTED}
    told["failed"] = list(run["failed"])
    told["formats"] = list(run["formats"])
    told["stopping"] = run["cancelling"] and run["state"] == "making"
    told["rewording"] = is_rewording(run)
    told["problem"] = why(run["problem"], locale)
    return told


def why(problem: Record | None, locale: str) -> Record | None:
    """What went wrong: its code, its facts and a sentence."""
    if problem is None:
        return None
    rooms = ("question", "source") if problem.get("spatial") else ("error",)
    known = catalogue(locale)
    name = next((f"{room}.{problem['code']}" for room in rooms if f"{room}.{problem['code']}" in known), None)
    said = translate(locale, name or "error.report_unforeseen", **problem["facts"])
    return {"code": problem["code"], "facts": problem["facts"], "said": said}


def one(connection: Connection, run_id: int, permissions: Collection[str], locale: str) -> Record:
    """A run with its editions, files and signatures, and what the one who asks can do with it.

    Raises
    ------
    NotFoundError
        `report_missing`.
    """
    run = runs.one(connection, run_id)
    if run is None:
        raise NotFoundError("report_missing")
    signatures = signing.signatures(connection, run_id)
    may_issue = Permission.ISSUE_REPORTS in permissions
    editions = runs.editions(connection, run_id)
    return {
        **row(run, locale),
        "acts": acts(standing(run, signatures, may_issue=may_issue)),
        "editions": [_edition(connection, run, made) for made in editions],
        "signatures": signatures,
        "unwritten": _unwritten(run, locale),
    }


def _unwritten(run: Record, locale: str) -> Record | None:
    """Words that no edition could be written with, and why; they are the asker's alone."""
    said = run["rewording"]
    if not run["own"] or said is None or "problem" not in said:
        return None
    words = [{"section": section, "paragraph": code, "text": text} for section, code, text in said["words"]]
    return {"words": words, "problem": why(said["problem"], locale)}


def _edition(connection: Connection, run: Record, made: Record) -> Record:
    files = [
        {**file, "sha256": file["sha256"].hex(), "called": called(run, made["no"], file["name"])}
        for file in runs.files(connection, run["id"], made["no"])
    ]
    return {
        "no": made["no"],
        "made_at": made["made_at"],
        "digest": bytes(made["digest"]).hex(),
        "counts": made["counts"],
        "words": made["words"],
        "files": files,
    }


def called(run: Record, edition: int, name: str) -> str:
    """What a file is called on the computer of whoever keeps it: by the report's title, with the edition if edited."""
    rest = name.removeprefix(stem_of(run))
    title = "".join(
        " " if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in run["title"]
    )
    mark = f"-v{edition + 1}" if edition else ""
    return f"{title[:100].strip()}{mark}{rest}"


def schedule(one: Record, locale: str) -> Record:
    """A schedule as it is told."""
    names = ("id", "definition", "scope", "formats", "locale", "next_on")
    at = f"{one['at_minute'] // 60:02}:{one['at_minute'] % 60:02}"
    return {**{name: one[name] for name in names}, "at": at, "problem": why(one["problem"], locale)}

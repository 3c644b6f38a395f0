"""Schemathesis at the doors: the document as a test needs it, somebody whose program knocks, what was found."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema

from app.accounts.rules import permissions_of
from app.accounts.service.managing import create_token
from app.accounts.store import actor_of
from app.db import transaction
from tests.people import Person

CHECKS = {
    "not_a_server_error": {"enabled": True},
    "status_code_conformance": {"enabled": True},
    "content_type_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True, "validate-formats": True},
    "response_headers_conformance": {"enabled": True},
    "unsupported_method": {"enabled": True},
    "allow_header_conformance": {"enabled": True},
    # A case that is seen by one role is not there for another, and a move may be refused whatever is given: what is
    # good can be turned down (403, 404, 409), what is bad may not be taken.
    "negative_data_rejection": {
        "enabled": True,
        "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 413, 429],
    },
}


def closed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with answers that may hold nothing unstated: a client has to bear new fields, a test has not."""
    found = copy.deepcopy(dict(document))
    asked = {"Problem"}
    for name, schema in found["components"]["schemas"].items():
        if name not in asked:
            _close(schema)
    for path in found["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                for content in answer.get("content", {}).values() if status < "400" else ():
                    _close(content["schema"])
    return found


def _close(schema: Any) -> None:
    if isinstance(schema, list):
        for part in schema:
            _close(part)
    elif isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)


def known(document: dict[str, Any], values: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    """The document with real values offered wherever a parameter or a field has such a name."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                if parameter["name"] in values and parameter["schema"].get("type") != "array":
                    parameter["schema"] = _offered(parameter["schema"], values[parameter["name"]])
    for name in (
        "Given",
        "MoveRequest",
        "MovesRequest",
        "Report",
        "Position",
        "CampaignRequest",
        "CampaignVisitRequest",
    ):
        _offer(document["components"]["schemas"][name], values)
    return document


def _offered(schema: dict[str, Any], values: Iterable[Any]) -> dict[str, Any]:
    return {"anyOf": [{"enum": list(values)}, schema]}


SURE = frozenset({"category", "area", "source", "lon", "lat"})
"""Fields of a body in which nothing but a known value could be right."""


def _offer(schema: Any, values: Mapping[str, Iterable[Any]]) -> None:
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            if name in values:
                real = {"enum": list(values[name])}
                schema["properties"][name] = real if name in SURE else _offered(part, values[name])
        for key, part in schema.items():
            if key != "properties":
                _offer(part, values)
        for part in schema.get("properties", {}).values():
            _offer(part, values)


def bearer(app: Flask, url: str, person: Person) -> Callable[..., Any]:
    """The application as a program meets it that acts for a person."""
    with transaction(url) as connection:
        scopes = sorted(permissions_of(actor_of(connection, person.account_id).roles))
        token, _ = create_token(connection, person.username, "schemathesis", scopes, timedelta(days=1))

    def knock(environ: dict[str, Any], start: Any) -> Any:
        plain = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_ACCEPT_ENCODING": "identity"}
        return app.wsgi_app({**environ, **plain}, start)

    return knock


@dataclass(slots=True)
class Found:
    """What a run came to: how often each operation was asked and with which status it answered; what was wrong."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def operations(self) -> set[str]:
        """Operations that were tried, as `GET /api/v1/cases`."""
        return {operation for operation, _ in self.answers}

    @property
    def statuses(self) -> Counter[int]:
        """Answers by status."""
        counted: Counter[int] = Counter()
        for (_, status), number in self.answers.items():
            counted[status] += number
        return counted


BOUNDS, DRAWN, CHAINS = "coverage", "fuzzing", "stateful"
"""Requests at the bounds of every parameter; requests that are drawn; chains, in which one answers into the next."""


UNSENT = "Query string is defined in the path and as an argument"
"""What the test client says of a question mark that was drawn for a part of the path: it sends no such request."""


def run(
    document: dict[str, Any], app: Callable[..., Any], phases: Collection[str], *, examples: int, seed: int
) -> Found:
    """Knock at every operation, in each phase with at most so many drawn requests of each."""
    # Each move of a batch is judged by itself, and a bad one told of in an answer that is good as a whole.
    batch = {"negative_data_rejection": {"enabled": False}}
    settings = {
        "seed": seed,
        "continue-on-failure": True,
        "checks": {"enabled": False, **CHECKS},
        "generation": {"max-examples": examples, "no-shrink": True},
        "operations": [{"include-operation-id": "cases_moves_post", "checks": batch}],
        "phases": {phase: {"enabled": phase in phases} for phase in ("examples", BOUNDS, DRAWN, CHAINS)},
        "warnings": False,
    }
    config = schemathesis.Config.from_dict(settings)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = app
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError) and UNSENT not in str(event.value):
            found.faults.setdefault(f"{event.label}: {event.value}"[:600], "")
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.ScenarioFinished):
            _note(found, event.recorder)
    return found


def _otherwise_written(case: Any) -> bool:
    """Whether what was drawn for an address does not arrive as what it was, so that it may be good when it arrives.

    An empty object is written as nothing at all, another one as a text or as its names, which are good where any text
    is; a list as so many of the parameter, of which the first counts, a list within a list as a text; a text of numbers
    is, where a list of them is asked for, just that list.
    """
    schemas = {
        one["name"]: one["schema"] for one in case.operation.definition.raw.get("parameters", ())
        if one["in"] == "query"
    }  # fmt: skip
    lists = {name for name, schema in schemas.items() if schema.get("type") == "array"}
    texts = {
        name
        for name, schema in schemas.items()
        if any(
            part.get("type") == "string" and not {"enum", "pattern", "format"} & set(part)
            for part in schema.get("anyOf", [schema])
        )
    }
    return any(
        value == {}
        or (isinstance(value, dict) and name in texts)
        or (
            isinstance(value, list)
            and (name not in lists or any(isinstance(part, list | dict) for part in value))
        )
        or (name in lists and isinstance(value, str) and value.replace(",", "").isdecimal())
        for name, value in (case.query or {}).items()
    )


def _note(found: Found, recorder: Any) -> None:
    for case_id, node in recorder.cases.items():
        interaction = recorder.interactions.get(case_id)
        status = interaction.response.status_code if interaction and interaction.response else 0
        found.answers[node.value.operation.label, status] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case = recorder.cases[case_id].value
                if check.name == "negative_data_rejection" and _otherwise_written(case):
                    continue
                key = f"{case.operation.label}: {check.name}: {check.failure_info.failure.message[:200]}"
                found.faults.setdefault(key, f"{case.path_parameters} {case.query} {case.body!r:.300}")

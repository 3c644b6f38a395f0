"""The document of the interface: OpenAPI 3.1, put together from the routes and from what their views state."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from app.errors import AppError, ForbiddenError, InvalidError, RefusedError, TooManyError, UnavailableError
from app.web.addresses import MOST_DIGITS
from app.web.doors import PUBLIC
from app.web.errors import STATUS
from app.web.i18n import catalogue
from app.web.shapes import TEXT, Named, Schema, record, words
from app.web.stating import JSON, Statement, statement_of

PREFIXES = ("/api/v1/", "/tiles/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PROBLEM_JSON = "application/problem+json"

PROBLEM = Named(
    "Problem",
    {
        **record(
            type={"type": "string", "format": "uri"},
            code={**TEXT, "description": "Stable: programs decide by it."},
            status={"type": "integer", "minimum": 400, "maximum": 599},
            title={**TEXT, "description": "The sentence, in Chinese or English by Accept-Language."},
        ),
        "description": "What went wrong (RFC 9457), with the facts of its code beside these.",
    },
)

EVERYWHERE: Mapping[type[AppError], tuple[str, ...]] = {
    UnavailableError: ("database_unreachable", "too_slow"),
}
SIGNED_IN: Mapping[type[AppError], tuple[str, ...]] = {
    RefusedError: ("sign_in_needed", "session_locked", "token_refused", "token_expired"),
    ForbiddenError: ("not_permitted", "password_needed", "second_factor_needed"),
}
UNKNOWN_PLACE, TOO_LARGE, TOO_OFTEN = (404, "http_404"), (413, "http_413"), (429, "http_429")

SCHEMES: Schema = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-panlong",
        "description": "A browser's session, begun by `POST /api/v1/session`.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "`csrf_token` of `GET /api/v1/session`: beside the session, for whatever changes something.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "令牌: a token of a program, made by `./panlong token`; it may do no more than its owner.",
    },
}

ABOUT = """盘龙一张图: cases (事), the territory (区划与网格), staffing (力量) and the figures of the one map.

Instants are UTC; days are days of the district. Positions are longitude and latitude in degrees (EPSG:4490). Every list
ends: `next` is the `after` of the next page, and null on the last. A row outside the territory of the one who asks is
not found (404). Errors are problem documents with a stable `code`."""


def document(app: Flask) -> Schema:
    """The document of an application."""
    components: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for rule, method, view in operations(app):
        statement = statement_of(view)
        if statement is not None:
            operation = _operation(rule, method, view, statement)
            paths.setdefault(path_of(rule), {})[method.lower()] = resolved(operation, components)
    resolved(PROBLEM, components)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "盘龙一张图 / Panlong",
            "version": version("panlong"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({_tag(rule) for rule, _, _ in operations(app)})],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(components.items())), "securitySchemes": SCHEMES},
    }


def written(app: Flask) -> str:
    """The document as it stands in the repository."""
    return json.dumps(document(app), ensure_ascii=False, indent=1) + "\n"


def operations(app: Flask) -> Iterator[tuple[Rule, str, Callable[..., Any]]]:
    """Every way into the interface: rule, method, view."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith(PREFIXES):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, app.view_functions[rule.endpoint]


def path_of(rule: Rule) -> str:
    """A rule as the document writes it: `/cases/{case_id}`."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def resolved(node: Any, components: dict[str, Schema]) -> Any:
    """A shape as the document holds it: what has a name goes to the components and is referred to."""
    if isinstance(node, Named):
        if node.name not in components:
            components[node.name] = {}  # a shape may hold itself
            components[node.name] = resolved(node.schema, components)
        return {"$ref": f"#/components/schemas/{node.name}"}
    if isinstance(node, Mapping):
        return {key: resolved(value, components) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [resolved(value, components) for value in node]
    return node


def codes_of(rule: Rule, method: str, view: Callable[..., Any], statement: Statement) -> dict[int, list[str]]:
    """Codes of all errors that a route may answer with, by status."""
    found: dict[int, set[str]] = {}
    signed_in = {} if getattr(view, "needs", None) == PUBLIC else SIGNED_IN
    for kind, codes in [*EVERYWHERE.items(), *signed_in.items(), *statement.fails.items()]:
        found.setdefault(STATUS[kind], set()).update(codes)
    bad = found.setdefault(STATUS[InvalidError], set())
    if statement.query:
        bad.add("parameter_invalid")
    if JSON in statement.bodies:
        bad.add("body_not_json")
    if method not in SAFE:
        bad.update({"csrf_missing"} if signed_in else ())
        found.setdefault(TOO_LARGE[0], set()).add(TOO_LARGE[1])
    if rule.arguments:
        found.setdefault(UNKNOWN_PLACE[0], set()).add(UNKNOWN_PLACE[1])
    if TooManyError in statement.fails:
        found[TOO_OFTEN[0]].add(TOO_OFTEN[1])
    return {status: sorted(codes) for status, codes in sorted(found.items()) if codes}


def _operation(rule: Rule, method: str, view: Callable[..., Any], statement: Statement) -> Schema:
    said = inspect.getdoc(view) or ""
    needed = getattr(view, "needs", None)
    summary = " ".join(said.split("\n\n")[0].split())
    found: Schema = {
        "operationId": rule.endpoint.replace(".", "_") + ("" if method == "GET" else f"_{method.lower()}"),
        "tags": [_tag(rule)],
        "summary": summary,
        "description": said.split("\nRaises\n")[0].strip(),
        "x-permission": needed,
        "security": _security(needed, method),
        "parameters": [*_path_parameters(rule), *(asked.stated for asked in statement.query)],
        "responses": {
            **_good(method, statement),
            **{str(s): _bad(s, codes) for s, codes in codes_of(rule, method, view, statement).items()},
        },
    }
    if statement.bodies:
        content = {media: {"schema": shape} for media, shape in statement.bodies.items()}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _security(needed: str | None, method: str) -> list[Schema]:
    if needed == PUBLIC:
        return []
    return [{"session": []} if method in SAFE else {"session": [], "csrf": []}, {"token": []}]


def _tag(rule: Rule) -> str:
    return rule.endpoint.split(".")[0].removesuffix("_api")


def _path_parameters(rule: Rule) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _converted(rule._converters[name])}
        for name in re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", rule.rule)
    ]


def _converted(converter: Any) -> Schema:
    if isinstance(converter, AnyConverter):
        return words(converter.items)
    if isinstance(converter, IntegerConverter):
        return {"type": "integer", "minimum": 0, "maximum": 10**MOST_DIGITS - 1}
    return {"type": "string", "minLength": 1}


def _good(method: str, statement: Statement) -> Schema:
    said: Schema = {"description": "As asked."}
    if statement.answer is not None:
        said["content"] = {media: {"schema": statement.answer} for media in statement.media}
    found: Schema = {str(statement.status): said}
    for status, meaning in statement.also.items():
        found[str(status)] = {
            "description": meaning,
            **({"content": said["content"]} if status < 300 else {}),
        }
    if method == "GET" and statement.kept:
        found["304"] = {"description": "As it was: `If-None-Match` names what the one who asks has."}
    return found


def _bad(status: int, codes: Iterable[str]) -> Schema:
    known = sorted(codes)
    sentences = catalogue("en")
    told = "\n".join(f"- `{code}`: {sentences.get(f'error.{code}', '')}" for code in known)
    schema = {"allOf": [PROBLEM, {"type": "object", "properties": {"code": {"enum": known}}}]}
    headers: Schema = {}
    if status in {429, 503}:
        headers = {
            "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}
        }
    return {"description": told, **headers, "content": {PROBLEM_JSON: {"schema": schema}}}

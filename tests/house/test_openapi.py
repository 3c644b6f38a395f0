"""Every route of the interface states what it takes and answers; the document in the repository is made from that."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from app.factory import create_app
from app.web import openapi
from app.web.i18n import LOCALES, catalogue
from app.web.stating import Asked, statement_of

ROOT = Path(__file__).resolve().parents[2]
APP = create_app("postgresql+psycopg://")
OPERATIONS = [(rule.rule, method, view) for rule, method, view in openapi.operations(APP)]


def named(function: Callable[..., Any], node: ast.expr) -> Any:
    """What a name in a function stands for, as far as its module knows."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = named(function, node.value)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType | Asked) else None
    return None


def read_by(view: Callable[..., Any], seen: set[Any] | None = None) -> Iterator[str]:
    """Names of the parameters that a view reads from the query string, or that a function reads which it calls."""
    function = inspect.unwrap(view)
    seen = set() if seen is None else seen
    if (
        not isinstance(function, FunctionType)
        or function in seen
        or not function.__module__.startswith("app.")
    ):
        return
    seen.add(function)
    for call in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr == "read":
            asked = named(function, call.func.value)
            if isinstance(asked, Asked):
                yield asked.name
                continue
        called = named(function, call.func)
        if getattr(called, "__name__", "") == "parameter" and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)
        else:
            yield from read_by(called, seen)


@pytest.mark.parametrize(("rule", "method", "view"), OPERATIONS, ids=[f"{m} {r}" for r, m, _ in OPERATIONS])
def test_every_route_is_stated(rule: str, method: str, view: Callable[..., Any]) -> None:
    statement = statement_of(view)
    assert statement is not None, f"{method} {rule} states nothing: see app/web/stating.py"
    stated = {asked.name for asked in statement.query}
    assert set(read_by(view)) == stated, "what the view reads from the query string is what it states"
    assert inspect.getdoc(inspect.unwrap(view)), "the docstring is the description"


def test_what_is_read_is_seen() -> None:
    """The test above would see through a view that reads and does not state."""
    view = next(view for rule, method, view in OPERATIONS if (rule, method) == ("/api/v1/cases", "GET"))
    assert {"state", "category", "from", "to", "area", "bbox", "limit", "after"} <= set(read_by(view))


def test_the_document_is_made_from_what_is() -> None:
    kept = (ROOT / "docs/openapi.json").read_text(encoding="utf-8")
    assert kept == openapi.written(APP), "run ./panlong docs"


def test_every_code_has_words() -> None:
    codes = {
        code
        for rule, method, view in openapi.operations(APP)
        if (statement := statement_of(view)) is not None
        for some in openapi.codes_of(rule, method, view, statement).values()
        for code in some
    }
    assert len(codes) > 40
    for locale in LOCALES:
        assert {code for code in codes if f"error.{code}" not in catalogue(locale)} == set()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_nothing_refers_to_elsewhere() -> None:
    document = openapi.document(APP)
    found = set(references(document))
    assert found
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert found <= known
    ids = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))

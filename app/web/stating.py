"""What each route of the interface takes and answers: stated on its view, read by `openapi`.

Every route under `/api/v1` and `/tiles` carries a statement, below its permission:

    LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")

    @blueprint.get("/things")
    @needs(Permission.READ_CASES)
    @states(page(THING, TEXT), query=(LIMIT,), fails={NotFoundError: ["district_missing"]})
    def things() -> Response:
        "Things, the newest first."          # the docstring is the description in the document
        limit = LIMIT.read()

What every route shares (401, 403, 503, a parameter that cannot be read, a body that is no JSON) need not be
stated. `./panlong docs` writes the document; `tests/house/test_openapi.py` names a route that states nothing, a
parameter that is read and not stated, a code without words; `tests/db/test_openapi.py` tries all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.errors import AppError
from app.web.params import Reader, parameter
from app.web.shapes import Schema, Shape

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])

JSON = "application/json"
TILE = "application/vnd.mapbox-vector-tile"
MULTIPART = "multipart/form-data"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """A parameter of the query string, stated once and read in the view.

    Parameters
    ----------
    default
        What it is where it is left out; None for what the description says.
    """

    name: str
    reader: Reader[T]
    default: T | None = None
    about: str = ""

    def read(self, given: Mapping[str, str] | None = None) -> Any:
        """What the request asks for, or the parameters of another query string; else the default.

        Raises
        ------
        InvalidError
            `parameter_invalid`.
        """
        return parameter(self.name, self.reader, self.default, given)

    @property
    def stated(self) -> Schema:
        """The parameter object of the document."""
        plain = isinstance(self.default, bool | int | float | str)
        schema = {**_or_empty(self.reader.schema), **({"default": self.default} if plain else {})}
        spread = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
        said = {"description": self.about} if self.about else {}
        # Empty is as good as left out: that is how a form sends what nobody filled in.
        return {"name": self.name, "in": "query", **said, "allowEmptyValue": True, "schema": schema, **spread}


def _or_empty(schema: Schema) -> Schema:
    """A list between commas that holds nothing is written as nothing, and that is as good as left out."""
    least = schema.get("minItems")
    if not least:
        return schema
    kept = {name: value for name, value in schema.items() if name != "minItems"}
    return {**kept, "anyOf": [{"minItems": least}, {"maxItems": 0}]}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a route takes and answers.

    Parameters
    ----------
    answer, status, media
        The good answer: its shape (None for no body), its status, its media types.
    also
        Other good answers without a body of their own shape, by status: what each means.
    bodies
        What is sent, by media type.
    kept
        Whether a browser may keep it and ask whether it is still so (304).
    fails
        Codes of the errors that are the route's own, by their kind.
    """

    answer: Shape | None
    status: int
    media: tuple[str, ...]
    also: Mapping[int, str]
    kept: bool
    query: tuple[Asked[Any], ...]
    bodies: Mapping[str, Shape]
    fails: Mapping[type[AppError], tuple[str, ...]]


def states(
    answer: Shape | None = None,
    *,
    status: int = 200,
    media: Iterable[str] = (JSON,),
    also: Mapping[int, str] | None = None,
    kept: bool = True,
    query: Iterable[Asked[Any]] = (),
    body: Shape | None = None,
    bodies: Mapping[str, Shape] | None = None,
    fails: Mapping[type[AppError], Iterable[str]] | None = None,
) -> Callable[[View], View]:
    """State what a route takes and answers, see `Statement`; `body` is what is sent as JSON."""
    told = {kind: tuple(codes) for kind, codes in (fails or {}).items()}
    sent = dict(bodies or ({} if body is None else {JSON: body}))
    statement = Statement(answer, status, tuple(media), dict(also or {}), kept, tuple(query), sent, told)

    def mark(view: View) -> View:
        view.statement = statement  # type: ignore[attr-defined]
        return view

    return mark


def statement_of(view: Callable[..., Any]) -> Statement | None:
    """What a view states; None where it states nothing."""
    found: Statement | None = getattr(view, "statement", None)
    return found

"""`/reference/maintenance_areas/…`: maintenance areas are sent with their shapes, and taken out."""

from __future__ import annotations

from typing import Any

from flask import make_response, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.cases.service import reference_editing as editing
from app.errors import AppError
from app.interop.pages.blueprint import SHOWN, SLOWEST_S, blueprint, name_of, sent, told, unreadable
from app.interop.service.report import FaultLog, ImportReport, sentence
from app.interop.service.routing import import_ownership, ownership_features
from app.interop.service.uploads import geojson, kept
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page, page_locale
from spatial.errors import LayerError, SpatialError

TABLE = "maintenance_areas"
MOST_BYTES = 16 << 20
"""A district's roads with all their bends take some megabytes."""

COLUMNS = ("code", "name", "kind", "unit", "tolerance_m", "valid_from_on", "valid_to_on")
NEEDED = frozenset({"code", "name", "unit"})


@blueprint.get("/reference/maintenance_areas/import")
@needs(Permission.EDIT_REFERENCE)
def ownership_form() -> Response:
    """The form by which maintenance areas are sent."""
    return _page()


@blueprint.post("/reference/maintenance_areas/import")
@needs(Permission.EDIT_REFERENCE, most_bytes=MOST_BYTES)
def take_ownership_in() -> Response:
    """Check the shapes of a file, and take them in unless they are only to be checked."""
    check, log = bool(request.form.get("check")), FaultLog(None, page_locale())
    try:
        report = _import(sent(), log, dry_run=check)
    except LayerError as error:
        return _page(422, check=check, faults=error.faults, count=error.count)
    except SpatialError as error:
        return _page(400, check=check, problem=unreadable("ownership", error))
    except AppError as error:
        return _page(status_of(error), check=check, problem=told("error", error.code, error.facts))
    return _page(check=check, report=report)


@blueprint.get("/reference/maintenance_areas/export.geojson")
@needs(Permission.EDIT_REFERENCE)
def ownership_out() -> Response:
    """The maintenance areas of today and later as GeoJSON, without rulings: what can be changed and sent back."""
    with acting.writing(SLOWEST_S) as connection:
        features = list(ownership_features(connection, rulings=False))
        editing.log_export(connection, editing.table_of(TABLE), len(features), by=hand())
    body = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
    answer = make_response(body)
    answer.mimetype = "application/geo+json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{TABLE}.geojson"'
    answer.cache_control.no_store = True
    return answer


def _import(upload: FileStorage, log: FaultLog, *, dry_run: bool) -> ImportReport:
    name = name_of(upload)
    with kept(upload.stream, name, geojson) as path, acting.writing(SLOWEST_S) as connection:
        return import_ownership(connection, path, dry_run=dry_run, log=log, by=hand(), file_name=name)


def _page(status: int = 200, /, **facts: Any) -> Response:
    locale = page_locale()
    faults = [(fault, sentence(locale, fault)) for fault in facts.pop("faults", ())[:SHOWN]]
    return page(
        "reference-ownership.html",
        status,
        me=me(),
        columns=COLUMNS,
        needed=NEEDED,
        faults=faults,
        shown=SHOWN,
        **facts,
    )

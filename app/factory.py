"""Puts the web application together: one blueprint a door, nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.accounts import guard
from app.accounts.api import blueprint as session_api
from app.accounts.pages import blueprint as accounts
from app.accounts.pages import oidc
from app.accounts.rules import Permission
from app.accounts.service.matrix import Route
from app.campaigns.api import blueprint as campaigns_api
from app.campaigns.pages import blueprint as campaigns
from app.campaigns.pages.phone import campaigns_to_walk
from app.cases.api import blueprint as cases
from app.cases.api.live import blueprint as live
from app.cases.pages import blueprint as casework
from app.cases.pages.reference import blueprint as reference
from app.console.api import blueprint as console_api
from app.console.card.api import blueprint as card
from app.console.finding.api import blueprint as finding
from app.console.network.api import blueprint as network
from app.console.pages import blueprint as console
from app.console.pages import unread_notices
from app.cube.api import blueprint as cube
from app.evaluation.api import blueprint as evaluation_api
from app.evaluation.pages import blueprint as evaluation
from app.field.pages import blueprint as field
from app.grid.api import blueprint as grid
from app.grid.api import zone
from app.interop.api import blueprint as imports_api
from app.interop.pages import blueprint as interop
from app.layers.api import blueprint as layers
from app.proposals.api import blueprint as proposals_api
from app.proposals.pages import blueprint as proposals
from app.registry.api import blueprint as registry_api
from app.registry.pages import blueprint as registry
from app.reports.api import blueprint as reports_api
from app.reports.pages import blueprint as reports
from app.reports.pages.blueprint import one_more, report_doors
from app.residents.pages import blueprint as residents
from app.screens.api import blueprint as screens_api
from app.screens.pages import blueprint as screens
from app.settings import basemap_settings, oidc_settings, secret_key, settings
from app.staffing.api import blueprint as staffing_api
from app.staffing.pages import blueprint as staffing
from app.tiles.api import blueprint as tiles
from app.tiles.elements.api import blueprint as element_tiles
from app.tiles.picture.api import blueprint as picture
from app.wall.api import blueprint as wall_api
from app.wall.pages import blueprint as wall
from app.web import addresses, errors, headers, limits, modules, packing
from app.web.doors import PUBLIC
from app.web.health import blueprint as health
from app.web.pages import instant

LARGEST_REQUEST = 1 << 20

NAV = (
    ("field.home", Permission.REPORT_CASES, "phone.today"),
    ("screens.brief_page", Permission.READ_CASES, "brief.title"),
    ("casework.cases", Permission.READ_CASES, "casework.title"),
    ("casework.new", Permission.REPORT_CASES, "casework.report"),
    ("registry.elements", Permission.READ_REGISTRY, "registry.title"),
    ("casework.desk", Permission.HAND_OVER, "desk.title"),
    ("campaigns.campaigns", Permission.READ_CASES, "campaign.title"),
    ("evaluation.figures", Permission.READ_CASES, "evaluation.title"),
    ("reports.reports", Permission.MAKE_REPORTS, "reports.title"),
    ("proposals.proposals", Permission.DRAW_GRID, "proposal.title"),
    ("staffing.board", Permission.READ_STAFF, "board.title"),
    ("staffing.on_duty", Permission.KEEP_DUTY, "duty.title"),
    ("wall.control", Permission.DRIVE_WALL, "wall.title"),
    ("staffing.handovers", Permission.HAND_OVER, "handover.title"),
    ("staffing.away", Permission.READ_STAFF, "leave.title"),
    ("staffing.five_levels", Permission.READ_STAFF, "neighbourhood.title"),
    ("staffing.people", Permission.READ_STAFF, "people.title"),
    ("staffing.units", Permission.READ_STAFF, "units.title"),
    ("reference.tables", Permission.EDIT_REFERENCE, "reference.title"),
    ("staffing.policy", Permission.SET_POLICY, "policy.title"),
    ("staffing.access_log", Permission.READ_ACCESS_LOG, "log.title"),
)
"""Pages beside the map, in the order in which they are offered: endpoint, permission, word."""

NAV_MENUS = {
    "nav.figures": ("evaluation.figures", "reports.reports"),
    "nav.ground": ("proposals.proposals", "wall.control"),
    "nav.staffing": (
        "staffing.board", "staffing.on_duty", "staffing.handovers", "staffing.away", "staffing.five_levels",
        "staffing.people", "staffing.units",
    ),
}  # fmt: skip
"""Pages that stand under one word where somebody has several of them: a row of twenty words is read by nobody."""


def menus(may: Callable[[str], bool]) -> list[tuple[str | None, list[tuple[str, str]]]]:
    """What somebody is offered, in its order: endpoint and word of each page, alone or under the word of its menu."""
    offered = [(endpoint, word) for endpoint, permission, word in NAV if may(permission)]
    whose = {endpoint: menu for menu, endpoints in NAV_MENUS.items() for endpoint in endpoints}
    found: list[tuple[str | None, list[tuple[str, str]]]] = []
    for endpoint, word in offered:
        menu = whose.get(endpoint)
        under = [page for page in offered if menu is not None and whose.get(page[0]) == menu]
        if len(under) < 2:
            found.append((None, [(endpoint, word)]))
        elif under[0][0] == endpoint:
            found.append((menu, under))
    return found


def routes(app: Flask) -> list[Route]:
    """Every way into an application, and what it asks for."""
    return [
        Route(method, rule.rule, PUBLIC if rule.endpoint == "static" else getattr(view, "needs", "nobody"))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for view in [app.view_functions[rule.endpoint]]
    ]


def create_app(database_url: str | None = None) -> Flask:
    """The application on a database, by default that of the settings."""
    app = Flask("app", template_folder="web/templates", static_folder="web/static")
    app.config.update(
        DATABASE_URL=database_url or settings().database_url,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SECRET_KEY=secret_key(settings()),
        SESSION_COOKIE_NAME="__Host-panlong",
        SESSION_COOKIE_SECURE=True,  # browsers take this machine's own address for secure
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    basemap = app.config["BASEMAP"] = basemap_settings()
    app.jinja_env.filters["instant"] = lambda value: instant(value, zone())
    app.jinja_env.globals["nav_pages"] = NAV
    app.jinja_env.globals["nav_menus"] = menus
    app.jinja_env.globals["unread_notices"] = unread_notices
    app.jinja_env.globals["campaigns_to_walk"] = campaigns_to_walk
    app.jinja_env.globals["report_doors"] = report_doors
    app.jinja_env.globals["one_more"] = one_more
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    addresses.register(app)
    limits.register(app)
    packing.register(app)
    modules.register(app)
    guard.register(app)
    oidc.register(app, oidc_settings())
    for blueprint in (
        health,
        accounts,
        session_api,
        staffing,
        staffing_api,
        grid,
        registry_api,
        registry,
        cases,
        casework,
        reference,
        live,
        console_api,
        cube,
        network,
        finding,
        card,
        evaluation_api,
        evaluation,
        layers,
        campaigns_api,
        campaigns,
        imports_api,
        interop,
        proposals_api,
        proposals,
        reports_api,
        reports,
        tiles,
        picture,
        element_tiles,
        console,
        residents,
        field,
        wall_api,
        wall,
        screens_api,
        screens,
    ):
        app.register_blueprint(blueprint)
    errors.register(app)
    headers.register(app, basemap and basemap.origin)
    return app

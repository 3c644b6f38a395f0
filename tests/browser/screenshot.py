"""Pictures of every screen, of the demo that runs: for the README, and to be looked at after whatever has changed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from app.cli import serving
from app.cli.accounts import kept_accounts
from app.errors import UnavailableError
from app.settings import settings
from tests.browser.browsing import FLAGS, READY, WITHOUT_WEBGL, browser, signed_in

WALL = "body[data-page=ready] #wall[data-state=live]"
SETTLE_MS = 1_200
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Screen:
    """A window: pixels of the picture, and by how much all is enlarged in it."""

    width: int
    height: int
    larger: float = 1.0
    phone: bool = False


SMALL, USUAL, LARGE = Screen(1366, 768, 1.25), Screen(1440, 900), Screen(1920, 1080)
"""The small one has letters of 125 %."""

PHONE, TWO_SCREENS = Screen(390, 844, phone=True), Screen(3840, 1080)
DESKS = {"1366": SMALL, "1440": USUAL, "1920": LARGE}

CORE = "at=13.40/25.06600/102.73000"
NEAR = "at=15.60/25.07561/102.71920"
WIDE, CLOSE = "at=11.30/25.08000/102.74000", "at=17.20/25.06600/102.72500"
EVERY = "building,compound,object,organisation"

CARD = f"{READY}:has(#element[data-element]:not([aria-busy]))"
EVALUATION = {
    "all": "evaluation?columns=all", "units": "evaluation?of=unit", "cases": "evaluation/cases?count=handled",
    "schemes": "evaluation/schemes", "scheme": "evaluation/schemes/sub_centre", "periods": "evaluation/periods",
}  # fmt: skip
DRAWN = "body[data-page=ready][data-busy=no]"
SENT = "模拟楼栋名单.csv"
SAID = "物业"
ELEMENTS = {"building": "type=building", "organisation": "kind=organisation", "component": "kind=object"}
"""Whose cards are shown: of each the first that the list has."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to be taken.

    Parameters
    ----------
    name
        Of the file, without its ending.
    who
        The demo's account.
    path
        What is opened; `{case}` is the first case of the list, `{element:…}` the first element of such a list.
    ready
        What shows that it has been drawn.
    then
        What is done before the picture is taken.
    """

    name: str
    who: str
    path: str
    screen: Screen
    ready: str = READY
    webgl: bool = True
    then: Callable[[Page], object] | None = None


def shots() -> Iterator[Shot]:
    """All of them."""
    yield Shot("map", "duty_officer", f"?{CORE}", USUAL)
    yield from _on_desks()
    for lay in ("map", "list"):
        yield Shot(f"{lay}-english", "duty_officer", f"?lay={lay}&case={{case}}&lang=en", USUAL)
    for name, query in {
        "heat": "marks=heat", "points": f"marks=points&{CORE}", "solid": f"solid=-20&{NEAR}",
        "staffing": f"layer=staffing&{CORE}", "past": f"past=2026-09-01T04:00:00Z&state=open&{CORE}",
        "network": "case={case}&net=case:{case}", "elements-far": f"els={EVERY}&{WIDE}",
        "elements-near": f"els={EVERY}&{CLOSE}", "elements-solid": f"els=shop,object,organisation&solid=-20&{CLOSE}",
        "nothing": "q=没有这样的案件",
    }.items():  # fmt: skip
        for theme in ("light", "dark"):
            yield Shot(f"{name}-{theme}", "duty_officer", f"?lay=map&{query}&theme={theme}", USUAL)
    for name, query in ELEMENTS.items():
        for theme in ("light", "dark"):
            path = f"?lay=map&element={{element:{query}}}&theme={theme}"
            yield Shot(f"element-{name}-{theme}", "community_desk", path, USUAL, CARD)
    for end, look in {"light": "theme=light", "dark": "theme=dark", "english": "lang=en"}.items():
        yield Shot(f"search-{end}", "duty_officer", f"?lay=map&{CORE}&{look}", USUAL, then=_search)
    for theme in ("light", "dark"):
        for size, screen in (("1440", USUAL), ("390", PHONE)):
            name = f"import-{size}-{theme}"
            yield Shot(name, "community_desk", f"registry/import?theme={theme}", screen, "main", then=_import)
    yield Shot("import-english", "community_desk", "registry/import?lang=en", USUAL, "main", then=_import)
    for theme in ("light", "dark"):
        yield Shot(f"no-webgl-{theme}", "duty_officer", f"?lay=map&theme={theme}", USUAL, webgl=False)
        yield Shot(
            f"no-webgl-case-{theme}",
            "duty_officer",
            f"?lay=map&case={{case}}&theme={theme}",
            SMALL,
            webgl=False,
        )
        yield Shot(f"phone-console-{theme}", "community_desk", f"?theme={theme}", PHONE)
        yield Shot(f"phone-report-{theme}", "grid_officer", f"m/report?theme={theme}", PHONE, "body")
        yield Shot(f"phone-home-{theme}", "handler", f"m?theme={theme}", PHONE, "body")
        yield Shot(f"phone-case-{theme}", "handler", f"m?theme={theme}", PHONE, "body", then=_open_the_first)
    yield from _of_the_evaluation()
    for theme in ("light", "dark"):
        yield Shot(
            f"proposal-{theme}",
            "subcentre_head",
            f"grid/proposals?theme={theme}",
            USUAL,
            "main",
            then=_propose,
        )
    yield Shot("proposal-english", "subcentre_head", "grid/proposals?lang=en", USUAL, "main", then=_propose)
    for preset in ("everyday", "flood", "fire", "guard", "visit"):
        yield Shot(f"wall-{preset}", "duty_officer", "wall", TWO_SCREENS, WALL, then=_wall(preset))
    yield Shot("wall-english", "duty_officer", "wall?lang=en", TWO_SCREENS, WALL, then=_wall("everyday"))
    yield Shot("wall-one-screen", "duty_officer", "wall", LARGE, WALL, then=_wall("everyday"))


def _of_the_evaluation() -> Iterator[Shot]:
    """Figures, their cases, schemes and periods."""
    for end, screen, look in (
        ("light", USUAL, "theme=light"), ("dark", USUAL, "theme=dark"), ("english", USUAL, "lang=en"),
        ("390", PHONE, "theme=light"),
    ):  # fmt: skip
        yield Shot(f"evaluation-{end}", "evaluator", f"evaluation?{look}", screen, "main")
    for name, path in EVALUATION.items():
        for theme in ("light", "dark"):
            joined = "&" if "?" in path else "?"
            yield Shot(
                f"evaluation-{name}-{theme}", "evaluator", f"{path}{joined}theme={theme}", USUAL, "main"
            )


def _on_desks() -> Iterator[Shot]:
    """Map, list and a case at the sizes of usual screens, in both looks."""
    for size, screen in DESKS.items():
        for theme in ("light", "dark"):
            end = f"{size}-{theme}"
            yield Shot(f"map-{end}", "duty_officer", f"?lay=map&theme={theme}", screen)
            yield Shot(f"list-{end}", "acceptor", f"?lay=list&tab=all&theme={theme}", screen)
            yield Shot(
                f"case-{end}", "duty_officer", f"?lay=map&case={{case}}&tab=overdue&theme={theme}", screen
            )
            yield Shot(f"case-list-{end}", "dispatcher", f"?lay=list&case={{case}}&theme={theme}", screen)


def _open_the_first(page: Page) -> None:
    """The first task, in the look of the list: an address says its theme for itself alone."""
    path = page.locator("a[href*='/m/cases/']").first.get_attribute("href")
    page.goto(urljoin(page.url, f"{path}?{urlsplit(page.url).query}"))
    page.wait_for_load_state("networkidle")


def _propose(page: Page) -> None:
    """The first proposal there is, or a new one, with a community balanced."""
    look = urlsplit(page.url).query
    known = page.locator("td a[href*='/grid/proposals/']")
    if known.count():
        path = known.first.get_attribute("href")
    else:
        page.locator("[name=name]").fill("联盟街道网格调整（模拟）")
        page.locator("[name=area]").select_option(index=1)
        page.locator("[name=least_households]").fill("500")
        page.locator("[name=most_households]").fill("720")
        page.locator(".proposal-new [type=submit]").click()
        page.wait_for_selector(DRAWN, timeout=90_000)
        page.locator("#balance").click()
        page.locator("#take").click(timeout=90_000)
        page.wait_for_selector(DRAWN)
        path = urlsplit(page.url).path
    page.goto(urljoin(page.url, f"{path}?{look}"))
    page.wait_for_selector(f"{DRAWN}[data-map=idle]", timeout=30_000)


def _search(page: Page) -> None:
    """What is found of a word that stands in names of every kind."""
    page.keyboard.press("/")
    page.keyboard.type(SAID)
    page.locator("#found [role=option]").first.wait_for()
    page.wait_for_load_state("networkidle")


def _import(page: Page) -> None:
    """An import that was tried, with rows to mend and to decide on; the first picture sends its file."""
    look, site = urlsplit(page.url).query, page.url.split("registry/")[0]
    sent = page.request.get(f"{site}api/v1/imports").json()["items"]
    known = next((one for one in sent if one["file_name"] == SENT and one["state"] == "checked"), None)
    if known is None:
        page.locator("input[name=kind][value=place]").check()
        page.locator("input[name=file]").set_input_files(
            {"name": SENT, "mimeType": "text/csv", "buffer": _places(page, site)}
        )
        page.locator(".import-send button[type=submit]").click()
        page.locator("form[action$='/check'] button[type=submit]").click()
        page.wait_for_selector("#h-report", timeout=60_000)
        address = page.url.split("?")[0]
    else:
        address = f"{site}registry/import/{known['id']}"
    page.goto(f"{address}?{look}")
    page.wait_for_load_state("networkidle")


def _places(page: Page, site: str) -> bytes:
    """Buildings of the demo under slightly other names, one that is wrong and one that is new."""
    found = page.request.get(f"{site}api/v1/elements?type=building&limit=4").json()["items"]
    rows = [f"楼栋,{one['name']}楼,{one['address'] or ''},{one['lon']},{one['lat']},6" for one in found]
    rows += [
        f"楼栋,模拟新建楼,模拟路 {number} 号,{found[0]['lon']},{found[0]['lat']},{number}"
        for number in (12, 999)
    ]
    return "\n".join(["类型,名称,地址,经度,纬度,层数", *rows]).encode()


def _wall(preset: str) -> Callable[[Page], object]:
    """Have the wall show something, as the duty officer does."""

    def set_it(page: Page) -> None:
        control = page.context.new_page()
        control.goto(page.url.split("/wall")[0] + "/wall/control")
        control.locator(f"input[name=preset][value={preset}]").check(force=True)
        control.locator("form:has([name=preset]) button[type=submit]").first.click()
        control.wait_for_load_state()
        control.close()
        page.wait_for_timeout(4 * SETTLE_MS)

    return set_it


def shoot(out: Path, wanted: Sequence[str] = ()) -> None:
    """Write the pictures of the workspace's running server.

    Parameters
    ----------
    out
        The folder.
    wanted
        Beginnings of the names of those that are taken; all of them where none are named.

    Raises
    ------
    UnavailableError
        `server_missing`: it does not run.
    """
    server = serving.running(settings())
    if server is None:
        raise UnavailableError("server_missing")
    out.mkdir(parents=True, exist_ok=True)
    passwords = kept_accounts(settings())
    some = [shot for shot in shots() if not wanted or shot.name.startswith(tuple(wanted))]
    with ExitStack() as stack:
        driver = stack.enter_context(sync_playwright())
        started: dict[bool, Browser] = {}
        kept: dict[str, StorageState] = {}
        for number, shot in enumerate(some, 1):
            if shot.webgl not in started:
                flags = FLAGS if shot.webgl else WITHOUT_WEBGL
                started[shot.webgl] = stack.enter_context(browser(driver, flags))
            chrome = started[shot.webgl]
            if shot.who not in kept:
                kept[shot.who] = signed_in(chrome, server.url, shot.who, passwords[shot.who])
            path = out / f"{shot.name}.webp"
            path.write_bytes(_taken(chrome, kept[shot.who], server.url, shot))
            click.echo(f"{number}/{len(some)}  {path.name}  {path.stat().st_size // 1024} kB")


def _taken(chrome: Browser, kept: StorageState, address: str, shot: Shot) -> bytes:
    screen = shot.screen
    size = {"width": round(screen.width / screen.larger), "height": round(screen.height / screen.larger)}
    context = chrome.new_context(
        viewport=size, device_scale_factor=screen.larger, has_touch=screen.phone, locale="zh-CN",
        storage_state=kept, reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    path = shot.path
    if "{case}" in path:
        tab = "&tab=overdue" if "tab=overdue" in path else ""
        found = page.request.get(f"{address}api/v1/view?state=open{tab}&limit=30").json()["queue"]["items"]
        case = next((one for one in found if one["file_id"]), found[0])
        path = path.replace("{case}", str(case["id"]))
    asked = re.search(r"\{element:(.+?)\}", path)
    if asked:
        found = page.request.get(f"{address}api/v1/elements?{asked[1]}&limit=1").json()["items"]
        path = path.replace(asked[0], str(found[0]["id"]))
    page.goto(address + path)
    page.wait_for_selector(shot.ready, timeout=90_000)
    if shot.then is not None:
        shot.then(page)
    page.wait_for_timeout(SETTLE_MS)
    page.mouse.move(5, 5)
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    packed = io.BytesIO()
    picture.convert("RGB").save(packed, "webp", quality=QUALITY, method=6)
    return packed.getvalue()

"""Maps of a report as pictures of their own."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from app.errors import UnavailableError
from app.reports.rules.document import Section
from app.reports.rules.formats import Format
from app.reports.rules.maps import Map
from app.reports.service.fonts import Family, family
from app.reports.service.formats import picture
from app.reports.service.formats.outlines import SVG, outlined
from app.reports.service.formats.picture import named_maps, sheet, write_png, write_svg
from app.reports.service.keeping import digest
from spatial.errors import SourceError
from tests.app.reports.sample import MAP, TABLE, report

A4_DOTS = (2480, 3508)


@pytest.fixture(scope="module")
def faces() -> Family:
    return family()


@pytest.fixture(scope="module")
def drawn(faces: Family) -> etree._Element:
    """The map of the sample as SVG."""
    return etree.fromstring(sheet(report(), report().sections[0], MAP, faces, Format.SVG))


def test_a_picture_is_a_page_at_300_dots_an_inch(tmp_path: Path) -> None:
    (path,) = write_png(report(), tmp_path, "a")
    assert path.name == "a-open.png"
    with Image.open(path) as made:
        assert made.size == A4_DOTS and len(made.convert("RGB").getcolors(1 << 24) or ()) > 100


def test_an_svg_needs_nothing_but_itself(drawn: etree._Element) -> None:
    """No picture, no address, no face, no word that a face would have to draw: everything refers into the file."""
    tags = {etree.QName(one).localname for one in drawn.iter(etree.Element)}
    assert not tags & {"image", "text", "style", "script", "foreignObject"}
    said = etree.tostring(drawn, encoding="unicode")
    known = {one.get("id") for one in drawn.iter(etree.Element) if one.get("id")}
    links = {
        value
        for one in drawn.iter(etree.Element)
        for name, value in one.attrib.items()
        if name.endswith("href")
    }
    assert links and all(link[0] == "#" and link[1:] in known for link in links)
    assert said.count("http") == said.count("http://www.w3.org/") and "base64" not in said


def test_every_name_in_it_is_given_once(drawn: etree._Element) -> None:
    known = [one.get("id") for one in drawn.iter(etree.Element) if one.get("id")]
    assert len(known) == len(set(known))


def test_what_its_words_read_is_still_said(drawn: etree._Element) -> None:
    told = {one.get("aria-label") for one in drawn.iter(f"{{{SVG}}}g")}
    assert {"东社区", "西社区", "N", "500 m"} <= told


def test_a_word_is_as_wide_as_its_letters_and_stands_where_it_stood(faces: Family) -> None:
    """Four Chinese letters of three millimetres are twelve wide; one that ends at a place begins that much before."""
    svg = (
        f'<svg xmlns="{SVG}"><text x="20" y="9" font-size="3" text-anchor="end" fill="#000" stroke="#FFF"'
        ' stroke-width=".6" paint-order="stroke">网格网格</text><text x="1" y="2" font-size="3"> </text></svg>'
    )
    root = etree.fromstring(outlined(svg, faces))
    around, letters, _ = (one for one in root.iter(f"{{{SVG}}}g") if one.get("transform"))
    assert around.get("transform") == letters.get("transform")
    assert letters.get("transform").startswith("translate(8.000 9.000) scale(0.003")
    assert float(around.get("stroke-width")) == pytest.approx(200) and letters.get("stroke") is None
    assert len(letters) == len(around) == 4 and len(root[0]) == 2
    assert root[1].get("aria-label") == "网格网格"


def test_a_letter_that_no_face_has_is_an_error(faces: Family) -> None:
    with pytest.raises(UnavailableError, match="letters_missing"):
        outlined(f'<svg xmlns="{SVG}"><text font-size="3">\u0f02</text></svg>', faces)


def test_a_map_says_what_a_map_has_to_say(faces: Family) -> None:
    told = picture._told(report(), report().sections[0], replace(MAP, note="注。"), faces, 0)
    assert told["title"] == "在办案件" and told["simulated"]
    (first, *_) = told["legend"]
    assert first["title"] == "在办案件" and first["note"].startswith("分位数分级")
    shown = [sign["shown"] for one in told["legend"] for sign in one["signs"]]
    assert shown[:3] == ["1", "> 1 – 5", "> 5 – 9"] and "超期" in shown
    note, said, made = told["facts"]
    assert note == "注。" and "1 : " in said and "EPSG:4543" in said and report().issuer in said
    assert digest(report())[:16] in made and "2026-10-01 00:00" in made


def test_a_wide_ground_lies(faces: Family) -> None:
    wide = replace(MAP, shown=(102.70, 25.00, 102.74, 25.02))
    with Image.open(io.BytesIO(sheet(report(wide), report().sections[0], wide, faces, Format.PNG))) as made:
        assert made.size == A4_DOTS[::-1]


def test_a_title_of_sixty_letters_and_a_long_note_stay_on_the_page(faces: Family) -> None:
    """The map is less high then; it is never cut, and there is no second page."""
    long = replace(MAP, title="长" * 60, note="注" * 200)
    section = report().sections[0]
    heights = [
        picture._told(report(long), section, long, faces, smaller)["window"][1]
        for smaller in picture.SMALLER_MM
    ]
    assert heights == sorted(heights, reverse=True) and min(heights) > 100
    with Image.open(io.BytesIO(sheet(report(long), section, long, faces, Format.PNG))) as made:
        assert made.size == A4_DOTS
    told = picture._told(report(long), section, long, faces, picture.SMALLER_MM[0])
    pages = picture.pictures(picture.TEMPLATE, told, faces, "svg", report().provenance.known_at)
    assert len(pages) == 2  # so that the test is of a title for which there is too little room at first


def test_every_map_has_a_name_of_its_own() -> None:
    sections = (
        Section("a", "甲", (MAP, replace(MAP, code="late"))),
        Section("b", "乙", (MAP, MAP)),
    )
    names = [name for name, _, _ in named_maps(report(sections=sections))]
    assert names == ["a-open", "late", "b-open", "b-open-2"]


def test_the_same_report_is_the_same_bytes(faces: Family) -> None:
    section = report().sections[0]
    assert sheet(report(), section, MAP, faces, Format.SVG) == sheet(
        report(), section, MAP, faces, Format.SVG
    )


def test_without_maps_there_are_no_files_and_nothing_half_written(tmp_path: Path) -> None:
    assert write_png(report(TABLE), tmp_path, "a") == write_svg(report(TABLE), tmp_path, "a") == ()
    strange: Map = replace(MAP, title="\u0f02")
    with pytest.raises(UnavailableError):
        write_svg(report(MAP, strange), tmp_path, "a")
    assert not list(tmp_path.iterdir())
    with pytest.raises(SourceError) as failed:
        write_svg(report(), tmp_path / "missing", "a")
    assert failed.value.code == "write_failed"

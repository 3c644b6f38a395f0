"""Reports for offices that edit: read back as Word reads them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from PIL import Image

from app.errors import UnavailableError
from app.reports.rules.blocks import Photo, Photos, Words
from app.reports.rules.document import Report, Section
from app.reports.rules.tabular import Table
from app.reports.service.fonts import Family, family
from app.reports.service.formats.letter import letter, write
from app.reports.service.keeping import digest
from spatial.errors import SourceError
from tests.app.reports.sample import CODE, COLUMNS, FACTS, MAP, PHOTOS, SIGNATURES, TABLE, TREND, report, row


@pytest.fixture(scope="module")
def faces() -> Family:
    return family()


@pytest.fixture(scope="module")
def whole(faces: Family) -> Any:
    """A letter with a block of each kind."""
    said = report(*report().sections[0].blocks, FACTS, SIGNATURES, CODE, PHOTOS)
    return docx.Document(io.BytesIO(letter(said, faces)))


def opened(one: Report, faces: Family) -> Any:
    return docx.Document(io.BytesIO(letter(one, faces)))


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in table.rows]


def named(document: Any, title: str) -> Any:
    """The table that is called so."""
    found = document.element.body.iter(qn("w:tblCaption"))
    (table,) = [one.getparent().getparent() for one in found if one.get(qn("w:val")) == title]
    return docx.table.Table(table, document)


def test_headings_are_styles_with_chinese_faces(whole: Any) -> None:
    headings = [
        (one.style.name, one.text) for one in whole.paragraphs if one.style.name.startswith(("Head", "Title"))
    ]
    assert headings[:3] == [
        ("Title", report().title),
        ("Heading 1", "一、总体情况"),
        ("Heading 2", "在办案件"),
    ]
    fonts = {
        name: whole.styles[name].element.rPr.rFonts for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert {name: one.get(qn("w:eastAsia")) for name, one in fonts.items()} == {
        "Normal": "仿宋",
        "Title": "黑体",
        "Heading 1": "黑体",
        "Heading 2": "楷体",
    }
    assert not [name for one in fonts.values() for name in one.attrib if name.endswith("Theme")]


def test_numbers_of_a_table_are_the_documents_and_stand_to_the_right(whole: Any) -> None:
    table = named(whole, "按期处置")
    assert rows(table) == [
        ["网格", "应处置", "按期处置", "按期处置率", "平均用时（时）"],
        ["东一网格", "3", "2", "▲ 66.67\u2009%", "3.3"],
        ["东二网格", "0", "0", "—", "—"],
        ["西一网格", "1,200", "1,100", "91.67\u2009%", "1.0"],
        ["合计", "1,203", "1,102", "91.60\u2009%", "1.0"],
    ]
    sides = [cell.paragraphs[0]._p.pPr.jc.get(qn("w:val")) for cell in table.rows[1].cells]
    assert sides == ["left", "right", "right", "right", "right"]
    late = table.rows[1].cells[3].paragraphs[0].runs[0]
    assert late.bold and str(late.font.color.rgb) == "BC2B18"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_figures_forms_and_places_to_sign_are_tables(whole: Any) -> None:
    found = [rows(table) for table in whole.tables]
    assert found[0][:2] == [
        ["上报", "按期处置率", "超期未办", "满意率"],
        ["1,234", "91.60\u2009%", "▲ 31", "—"],
    ]
    (facts,) = [one for one in found if one[0][0] == "案件编号"]
    assert facts == [
        ["案件编号", "PL-1", "处置期限", "▲ 2026-09-30 17:00"],
        ["问题描述", *["井盖破损。"] * 3],
    ]
    (signed,) = [one for one in found if one[0][0].startswith("承办单位（盖章）")]
    assert len(signed[0]) == 2 and all(text.endswith("日") for text in signed[0])


def test_pictures_have_words_for_who_does_not_see_them(whole: Any) -> None:
    told = [one.get("descr") for one in whole.element.body.iter(qn("wp:docPr"))]
    assert told == [
        "在办案件: 在办案件 · 超期 · 社区",
        "按月\n上报: 7 月 120, 8 月 —, 9 月 90\n结案: 7 月 100, 8 月 110, 9 月 95",
        f"{CODE.caption}: {CODE.content}",
        "处置前",
        "处置后",
    ]
    widest = max(shape.width.mm for shape in whole.inline_shapes)
    assert widest == pytest.approx(170, abs=0.5)


def test_each_page_says_what_it_is_and_which(whole: Any) -> None:
    section = whole.sections[0]
    assert section.header.paragraphs[0].text == f"{report().title}\t模拟数据"
    footer = section.footer.paragraphs[0]
    fields = [one.text.strip() for one in footer._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"] and footer.text.endswith("第 1 页，共 1 页")


def test_it_ends_with_where_it_comes_from(faces: Family) -> None:
    said = report()
    last = rows(opened(said, faces).tables[-1])
    assert last[0][1].startswith("2026-10-01 00:00") and last[-1] == ["内容摘要（SHA-256）", digest(said)]


def test_a_long_table_is_cut_with_a_sentence_and_keeps_its_totals(faces: Family) -> None:
    lines = tuple(row(f"{number:05d}号", 2, 1, 3_600) for number in range(1_070))
    document = opened(report(Table("long", "很多行", COLUMNS, lines, printed=20)), faces)
    found = rows(named(document, "很多行"))
    assert len(found) == 22 and found[-1][:3] == ["合计", "2,140", "1,070"]
    assert any("1,050" in one.text and "1,070" in one.text for one in document.paragraphs)


def test_ten_thousand_rows_stand_in_it_where_nothing_cuts_them(faces: Family) -> None:
    lines = tuple(row(f"{number:05d}号", 2, 1, 3_600) for number in range(10_000))
    content = letter(report(Table("long", "一万行", COLUMNS, lines)), faces)
    said = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert re.findall(r">(\d{5}号)<", said) == [line[0] for line in lines]


def test_long_names_empty_tables_and_tables_without_totals(faces: Family) -> None:
    long, plain = "长" * 60, (COLUMNS[0], replace(COLUMNS[1], total=False))
    tables = (
        Table("a", "甲", COLUMNS, (row(long, 1, 1, 1),)),
        Table("b", "乙", COLUMNS, ()),
        Table("c", "丙", plain, (("x", 1),)),
    )
    document = opened(report(*tables), faces)
    assert rows(named(document, "甲"))[1][0] == long
    assert rows(named(document, "乙"))[1:] == [["本表无数据。"] * 5, ["合计", "0", "0", "—", "—"]]
    assert rows(named(document, "丙")) == [["网格", "应处置"], ["x", "1"]]
    for table in (named(document, title) for title in "甲乙丙"):
        wide = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid]
        assert sum(wide) / 1440 * 25.4 == pytest.approx(170, abs=1) and min(wide) > 300


def test_a_new_page_a_lying_page_and_room_to_write(faces: Family) -> None:
    sections = (
        Section("a", "甲", (Words("w", "一\n二", blank_lines=3),)),
        Section("b", "乙", (), fresh=True),
    )
    document = opened(report(sections=sections, wide=True, number="盘龙季报 2026-3-04"), faces)
    page = document.sections[0]
    assert page.orientation == WD_ORIENT.LANDSCAPE and page.page_width > page.page_height
    headings = {
        one.text: one.paragraph_format.page_break_before for one in document.paragraphs if one.text in "甲乙"
    }
    assert headings["乙"] and not headings["甲"]
    texts = [one.text for one in document.paragraphs]
    assert texts[texts.index("甲") + 1 :][:5] == ["一", "二", "", "", ""] and "盘龙季报 2026-3-04" in texts[1]


def jpeg(**kept: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", **kept)
    return out.getvalue()


def test_photos_stand_upright_and_one_that_is_none_says_so(faces: Family) -> None:
    """A JPEG without density, one that was taken on its side, and one that is cut off."""
    exif = Image.Exif()
    exif[0x0112] = 6
    bare = jpeg().replace(jpeg()[2:20], b"", 1)
    photos = Photos(
        "p",
        tuple(
            Photo(data, name)
            for name, data in (
                ("无头", bare),
                ("侧放", jpeg(exif=exif)),
                ("坏", jpeg()[:200]),
                ("非图", b"x"),
            )
        ),
    )
    document = opened(report(photos), faces)
    shapes = [(shape.width > shape.height) for shape in document.inline_shapes]
    assert shapes == [True, False]
    assert [cell.text for line in document.tables[0].rows for cell in line.cells] == [
        "\n无头",
        "\n侧放",
        "（照片无法读取）\n坏",
        "（照片无法读取）\n非图",
    ]


def test_letters_that_no_file_can_hold_do_no_harm(faces: Family) -> None:
    text = "a\x07b\ufffe<&>"
    document = opened(
        report(Words("w", text), Table("t", text, (COLUMNS[0],), ((text,),)), title=text), faces
    )
    assert "a\ufffdb\ufffd<&>" in [one.text for one in document.paragraphs]
    assert rows(document.tables[0])[1] == ["a\ufffdb\ufffd<&>"]


def test_tables_that_follow_each_other_stay_two(faces: Family) -> None:
    body = list(opened(report(FACTS, replace(FACTS, code="b"), TABLE, SIGNATURES), faces).element.body)
    assert not [one for one, other in pairwise(body) if one.tag == other.tag == qn("w:tbl")]


def test_the_same_report_is_the_same_bytes(faces: Family, tmp_path: Path) -> None:
    said = report(TABLE, TREND)
    (path,) = write(said, tmp_path, "a")
    assert path.name == "a.docx" and path.read_bytes() == letter(said, faces) != letter(report(TABLE), faces)
    about = docx.Document(str(path)).core_properties
    assert (
        about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == datetime(2026, 9, 30, 16)
    )
    assert about.title == said.title and digest(said) in about.comments
    assert {part.date_time for part in zipfile.ZipFile(path).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_goes_wrong_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        write(report(replace(MAP, layers=(replace(MAP.layers[2], names=("\u0f02", "b")),))), tmp_path, "a")
    assert caught.value.code == "letters_missing" and not list(tmp_path.iterdir())
    with pytest.raises(SourceError) as failed:
        write(report(TABLE), tmp_path / "missing", "a")
    assert failed.value.code == "write_failed"

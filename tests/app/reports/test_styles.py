"""Forms, signs, and the blocks that only they and files of cases have."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from app.reports.rules.blocks import Code, Fact, Facts, Figures, Photo, Photos, Signatures, Trend, Words
from app.reports.rules.document import Report, Section, Style
from app.reports.rules.maps import Borders, Fill, Marks
from app.reports.rules.values import Kind
from app.reports.service.fonts import Family, family
from app.reports.service.formats.paper import pages, pdf, write
from spatial.errors import SourceError
from tests.app.reports.sample import CODE, FACTS, MAP, PHOTOS, PIXEL, SIGNATURES, TABLE, report


@pytest.fixture(scope="module")
def faces() -> Family:
    return family()


def form(*blocks: Any, **other: Any) -> Report:
    said = blocks or (FACTS, Words("w", "请限期反馈。", title="要求", blank_lines=3), MAP, CODE, SIGNATURES)
    return report(*said, style=Style.FORM, number="盘龙督办〔2026〕第 12 号", **other)


def read(one: Report, faces: Family) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(one, faces)))


def text(one: Report, faces: Family) -> list[str]:
    return ["".join(page.extract_text().split()) for page in read(one, faces).pages]


def size_mm(one: Report, faces: Family) -> list[tuple[int, int]]:
    return [
        tuple(round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height))  # type: ignore[misc]
        for page in read(one, faces).pages
    ]


def test_a_form_is_one_page_with_its_number_and_a_day_for_each_who_signs(faces: Family) -> None:
    (said,) = text(form(), faces)
    assert "盘龙督办〔2026〕第12号" in said and "2026-09-3017:00" in said and "承办单位（盖章）" in said
    assert said.count("年月日") == len(SIGNATURES.places)


def test_a_full_form_is_set_smaller_before_it_takes_a_second_page(faces: Family) -> None:
    many = Facts("f", tuple(Fact(str(at), "名称", "内容", wide=True) for at in range(18)))
    (said,) = text(form(many, MAP, CODE, PHOTOS, SIGNATURES), faces)
    (roomy,) = text(form(), faces)
    assert "比例尺1:约" in said and "比例尺1:约" not in roomy and "比例尺1:" in roomy


@pytest.mark.parametrize(("wide", "size"), [(False, (210, 297)), (True, (420, 297))])
@pytest.mark.parametrize("people", [1, 14])
def test_a_sign_is_one_page_however_many_people(
    faces: Family, wide: bool, size: tuple[int, int], people: int
) -> None:
    rows = Facts("p", tuple(Fact(str(at), "网格员", f"王建国 138 0000 {at:04}") for at in range(people)))
    one = report(rows, MAP, CODE, style=Style.SIGN, wide=wide, title="长" * 60)
    assert size_mm(one, faces) == [size]
    assert text(one, faces)[0].count("王建国") == people


def test_a_code_is_lines_and_is_read_back(faces: Family) -> None:
    """Its picture holds as many dark fields as the code has, and the page holds no pixels."""
    page = read(report(CODE), faces).pages[0]
    assert list(page.images) == []
    (picture,) = pages(report(CODE), faces, per_inch=30)
    assert Image.open(io.BytesIO(picture)).convert("L").getextrema()[0] < 60


def test_a_jpeg_goes_on_paper_as_it_is(faces: Family) -> None:
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    jpeg = io.BytesIO()
    noise.save(jpeg, "JPEG", quality=80)
    one = report(Photos("p", (Photo(jpeg.getvalue(), "处置前"), Photo(jpeg.getvalue(), "处置后"))))
    found = pdf(one, faces)
    assert "处置前" in text(one, faces)[0]
    assert len(jpeg.getvalue()) < len(found) < 2 * len(jpeg.getvalue()) + 40_000


def test_a_picture_that_cannot_be_read_is_said_to_be_one(faces: Family) -> None:
    (said,) = text(report(Photos("p", (Photo(PIXEL[:-20], "处置前"), Photo(b"", "处置后")))), faces)
    assert "处置前（照片无法读取）" in said and "处置后（照片无法读取）" in said


def test_fresh_sections_begin_pages_and_blank_lines_leave_room(faces: Family) -> None:
    parts = tuple(
        Section(str(at), f"第{at}页", (Words("w", "字", blank_lines=2),), fresh=True) for at in (1, 2)
    )
    found = text(report(sections=parts), faces)
    assert ["第1页字" in found[1], "第2页字" in found[2]] == [True, True]


def test_rows_that_are_not_printed_are_counted_and_the_sum_is_of_all(faces: Family) -> None:
    (said,) = text(report(replace(TABLE, printed=1)), faces)
    assert "另有2行未印出；全部3行见工作簿" in said and "西一网格" not in said and "1,203" in said


def test_nothing_to_show_is_no_error(faces: Family) -> None:
    """No rows, no figures, no places, no layers, no photos: each says so or leaves its room."""
    empty = (
        replace(TABLE, rows=(), late=frozenset()),
        Figures("f", ()),
        Facts("x", ()),
        Signatures("s", ()),
        Photos("p", ()),
        Trend("t", "", Kind.COUNT, (), ()),
        replace(MAP, layers=()),
        replace(MAP, layers=(Marks("案件", (), ()), Fill("x", Kind.COUNT, (), (), (), ()))),
        replace(MAP, layers=(Borders("社区", "community", (), ()),), inset=(102.70, 25.00, 102.702, 25.002)),
    )
    assert "（无）" in "".join(text(report(*empty), faces))
    for style in (Style.FORM, Style.SIGN):
        assert text(report(*empty, style=style), faces)
    assert text(report(sections=(), style=Style.FORM), faces) and text(report(sections=()), faces)


def test_a_file_is_written_whole_or_not_at_all(
    faces: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = report(Signatures("s", ("批准人",)), Code("c", "https://panlong.example", "扫码"))
    (path,) = write(one, tmp_path, "one")
    assert path == tmp_path / "one.pdf" and path.read_bytes() == pdf(one, faces)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(SourceError) as caught:
        write(one, tmp_path, "two")
    assert caught.value.code == "write_failed" and [p.name for p in tmp_path.iterdir()] == ["one.pdf"]

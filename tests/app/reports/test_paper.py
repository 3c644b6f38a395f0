"""Reports on paper."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.errors import UnavailableError
from app.reports.rules.blocks import Words
from app.reports.service import fonts
from app.reports.service.fonts import Family, family
from app.reports.service.formats.paper import pages, pdf
from app.reports.service.keeping import digest
from tests.app.reports.sample import TABLE, report


@pytest.fixture(scope="module")
def faces() -> Family:
    return family()


def read(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace(
        "\u2009", " "
    )


def test_everything_that_is_said_is_text_in_it(faces: Family) -> None:
    said = read(pdf(report(), faces))
    wanted = {
        report().title,
        digest(report()),
        "模拟数据",
        "1,203",
        "91.60 %",
        "66.67 %",
        "合计",
        "—",
        "第 1 页",
        "东社区",
    }
    assert {words for words in wanted if words not in said} == set()


def test_words_are_never_markup(faces: Family) -> None:
    assert "#letx=1*不是*$标记$" in "".join(read(pdf(report(), faces)).split())


def test_the_same_report_is_the_same_bytes_and_another_is_not(faces: Family) -> None:
    assert pdf(report(), faces) == pdf(report(), faces)
    assert pdf(report(TABLE), faces) != pdf(report(), faces)


def test_its_faces_are_embedded(faces: Family) -> None:
    found = PdfReader(io.BytesIO(pdf(report(), faces)))
    for page in found.pages:
        for font in page["/Resources"]["/Font"].values():
            face = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in face or "/FontFile2" in face
    assert found.metadata is not None and found.metadata.title == report().title


def test_pages_are_pictures(faces: Family) -> None:
    made = pages(report(TABLE, wide=True), faces, per_inch=40)
    assert made[0].startswith(b"\x89PNG") and len(made) == 1


def test_a_letter_that_no_face_has_is_an_error_that_names_it(faces: Family) -> None:
    with pytest.raises(UnavailableError) as caught:
        pdf(report(Words("w", "庭院\U0001fae8\u0f02")), faces)
    assert caught.value.code == "letters_missing" and caught.value.facts["count"] == 2
    assert "U+1FAE8" in caught.value.facts["letters"] and faces.name == caught.value.facts["family"]


def test_no_face_at_all_is_an_error_that_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "WANTED", ("No Such Family",))
    with pytest.raises(UnavailableError) as caught:
        family(tmp_path)
    assert caught.value.code == "font_missing" and "No Such Family" in caught.value.facts["families"]


def test_long_names_and_many_rows_stay_on_their_pages(faces: Family) -> None:
    """A name of 60 letters is broken into lines, and every page of a long table has its head."""
    rows = tuple(("长" * 60, 10, 9, None, 0, None) for _ in range(120))
    found = PdfReader(io.BytesIO(pdf(report(type(TABLE)("t", "", TABLE.columns, rows)), faces)))
    heads = ["应处置" in page.extract_text() for page in found.pages]
    assert len(heads) > 3 and all(heads[:-1])

"""Pictures of a letter: maps, trends, codes and photos, each with words for who cannot see them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import UnrecognizedImageError
from docx.image.image import Image as Known
from docx.shared import Mm
from PIL import Image, ImageOps

from app.reports.rules.blocks import Code, Photos, Trend
from app.reports.rules.document import Report
from app.reports.rules.maps import Map
from app.reports.service.charting import chart
from app.reports.service.fonts import Family
from app.reports.service.formats.captions import credit, keys
from app.reports.service.formats.setting import pictures
from app.reports.service.mapping import draw
from app.web.i18n import translate
from spatial.writers.sheets import clean

TEMPLATE = Path(__file__).parents[1] / "figure.typ"
PER_INCH = 200
TREND_MM = 58.0
CODE_MM = 32.0
PHOTOS_BESIDE = 2
TITLE = 60
ORIENTATION, UPRIGHT = 0x0112, 1
PHOTO_MM = 75.0
"""Greatest height of a photo."""

MAP_MM = {False: 118.0, True: 105.0}
"""Height of a map on a page that stands, and on one that lies."""


def map_picture(one: Map, report: Report, faces: Family, width_mm: float) -> bytes:
    """A map with its legend, as PNG."""
    drawn = draw(one, width_mm, MAP_MM[report.wide], faces.name, report.provenance.timezone, report.locale)
    told = {"svg": drawn.svg, "width": width_mm, "legend": keys(drawn), "credit": credit(one, report, drawn)}
    return pictures(TEMPLATE, told, faces, "png", report.provenance.known_at, PER_INCH)[0]


def trend_picture(one: Trend, report: Report, faces: Family, width_mm: float) -> bytes:
    """A trend as PNG."""
    svg = chart(one, width_mm, TREND_MM, faces.name, report.provenance.timezone)
    told = {"svg": svg, "width": width_mm, "legend": [], "credit": ""}
    return pictures(TEMPLATE, told, faces, "png", report.provenance.known_at, PER_INCH)[0]


def add_picture(document: Document, png: bytes, width_mm: float, alt: str, *, caption: bool = False) -> None:
    """Add a picture in a line of its own, which stays with the caption that follows it."""
    paragraph = document.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, caption
    _place(paragraph, png, alt, width=Mm(width_mm))


def add_code(document: Document, code: Code) -> None:
    """Add a code that a telephone reads, with what comes of it below."""
    out = io.BytesIO()
    segno.make(code.content, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    add_picture(document, out.getvalue(), CODE_MM, f"{code.caption}: {code.content}", caption=True)
    caption = document.add_paragraph(clean(code.caption), style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def add_photos(document: Document, photos: Photos, locale: str, width_mm: float) -> None:
    """Add photos beside each other, each as large as its place allows; of one that cannot be read, its caption."""
    each = width_mm / PHOTOS_BESIDE
    rows = -(-len(photos.photos) // PHOTOS_BESIDE)
    if not rows:
        return
    table = document.add_table(rows, PHOTOS_BESIDE)
    for at, photo in enumerate(photos.photos):
        cell = table.cell(at // PHOTOS_BESIDE, at % PHOTOS_BESIDE)
        paragraph = cell.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        try:
            data, (wide, high) = readable(photo.data)
        except (OSError, SyntaxError):  # Pillow raises the latter for a damaged PNG
            paragraph.add_run(translate(locale, "report.photo_unreadable"))
        else:
            _place(paragraph, data, photo.caption, width=Mm(min(each - 6, PHOTO_MM * wide / high)))
        caption = cell.add_paragraph(clean(photo.caption), style="Caption")
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def readable(data: bytes) -> tuple[bytes, Sequence[int]]:
    """A photo that office files can hold, upright, with its width and height in dots.

    A JPEG without a header that names its density is one to every reader but not to python-docx.

    Raises
    ------
    OSError, SyntaxError
        It is no picture, or a damaged one.
    """
    with Image.open(io.BytesIO(data)) as photo:
        photo.load()
        if photo.getexif().get(ORIENTATION, UPRIGHT) == UPRIGHT and _known(data):
            return data, photo.size
        turned = ImageOps.exif_transpose(photo)
        out = io.BytesIO()
        turned.convert("RGB").save(out, "JPEG", quality=90)
        return out.getvalue(), turned.size


def _known(data: bytes) -> bool:
    try:
        Known.from_blob(data)
    except UnrecognizedImageError:
        return False
    return True


def _place(paragraph: Any, data: bytes, alt: str, **size: Any) -> None:
    shape = paragraph.add_run().add_picture(io.BytesIO(data), **size)
    for side in "TBLR":
        shape._inline.set(
            f"dist{side}", "0"
        )  # LibreOffice takes a third of a centimetre where nothing is said
    told = shape._inline.docPr
    told.set("descr", clean(alt))
    told.set("title", clean(alt.partition("\n")[0][:TITLE]))

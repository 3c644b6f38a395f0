"""A trend as a sheet: its numbers, and a line chart of the workbook's own beside them."""

from __future__ import annotations

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter as letter

from app.reports.rules.blocks import Trend
from app.reports.rules.values import Kind
from app.reports.service.charting import SERIES, axis
from app.reports.service.formats.sheets.leaf import HEAD, Leaf, widest
from app.reports.service.formats.sheets.looks import FORMATS
from app.reports.service.palette import colours
from spatial.writers.sheets import clean

DASHES = ("solid", "dash", "sysDot", "dashDot")
SIGNS = ("circle", "square", "triangle", "diamond")
WIDTH_CM, HEIGHT_CM = 21.0, 11.0
CHART_COLUMNS, COLUMN_DIGITS, CHART_ROWS = 12, 8, 23
"""How many columns and rows of the usual size the chart lies over."""

LINE_EMU = 22_000


def write_trend(leaf: Leaf, trend: Trend, title: str) -> None:
    """Write a trend; where it has no number its cell is empty, and the line has a gap."""
    kinds = [Kind.TEXT, *(trend.kind for _ in trend.series)]
    titles = [leaf.t("label"), *(one.title for one in trend.series)]
    columns = [trend.labels, *(one.values for one in trend.series)]
    room = leaf.widen([widest(*one) for one in zip(columns, kinds, titles, strict=True)], None)
    last = len(titles) + 1 + CHART_COLUMNS
    leaf.top(title, trend.note, last, room + CHART_COLUMNS * COLUMN_DIGITS)
    leaf.heads(titles, kinds)
    for at, label in enumerate(trend.labels):
        leaf.put(HEAD + 1 + at, 1, label)
        for place, one in enumerate(trend.series, 2):
            leaf.put(HEAD + 1 + at, place, "" if one.values[at] is None else one.values[at], trend.kind)
    leaf.sheet.freeze_panes = leaf.sheet.cell(HEAD + 1, 2)
    if trend.labels and trend.series:
        leaf.sheet.add_chart(_chart(leaf, trend, title), f"{letter(len(titles) + 2)}{HEAD}")
    leaf.back(last + 1)
    leaf.print_as(last, HEAD, rows=HEAD + CHART_ROWS)


def _chart(leaf: Leaf, trend: Trend, title: str) -> LineChart:
    last = HEAD + len(trend.labels)
    chart = LineChart()
    chart.width, chart.height = WIDTH_CM, HEIGHT_CM
    chart.title, chart.title.overlay = clean(title), False
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1_200, b=True))
    chart.add_data(
        Reference(leaf.sheet, min_col=2, max_col=1 + len(trend.series), min_row=HEAD, max_row=last),
        titles_from_data=True,
    )
    chart.set_categories(Reference(leaf.sheet, min_col=1, min_row=HEAD + 1, max_row=last))
    chart.display_blanks, chart.legend.position = "gap", "t"
    chart.legend.overlay = False
    step, top = axis([value for one in trend.series for value in one.values], trend.kind)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, float(top)
    chart.y_axis.majorUnit = float(step)
    whole = step.denominator == 1 or trend.kind not in {Kind.HOURS, Kind.POINTS}
    chart.y_axis.number_format = (
        "0%" if trend.kind is Kind.SHARE else "#,##0" if whole else FORMATS[trend.kind]
    )
    chart.y_axis.number_format_linked = False
    # Without these a chart has no axes at all.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.layout = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.07, y=0.2, w=0.9, h=0.66))
    ink = {name: value.lstrip("#") for name, value in colours().items()}
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(
        ln=LineProperties(solidFill=ink["line-2"], w=6_000)
    )
    for one in (chart.x_axis, chart.y_axis):
        one.txPr = _small(ink["text-2"])
    for at, series in enumerate(chart.series):
        colour = ink[SERIES[at % len(SERIES)]]
        series.smooth = False
        series.graphicalProperties.line = LineProperties(
            solidFill=colour, prstDash=DASHES[at % len(DASHES)], w=LINE_EMU
        )
        series.marker.symbol, series.marker.size = SIGNS[at % len(SIGNS)], 6
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.marker.graphicalProperties.line = LineProperties(solidFill=colour)
    return chart


def _small(colour: str) -> RichText:
    letters = CharacterProperties(sz=900, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])

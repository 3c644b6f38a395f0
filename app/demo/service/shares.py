"""Shares, times and words by which the paths of simulated cases are drawn."""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3_600, 86_400
OFFICE_DAY = 8 * HOUR
SOON = 3 * DAY
"""Only what was reported as short a time ago is taken for the same."""

DECLINED, VOID, MERGED = 0.025, 0.006, 0.012
"""Shares that end without being handled."""

LATE, LATE_BY = 0.045, 1.0
"""Share that overruns its limit, and by how much of it on average."""

ON_TIME, ON_TIME_SIGMA = 0.68, 0.45
"""Median share of the limit that the others take, as a lognormal, and its sigma."""

AT_ONCE = 0.45
"""Share of what a grid officer may handle on the spot and does."""

CONFIRMED, FALSE = 0.15, 0.1
"""Shares of what residents and hotlines tell that is looked at first, and of those that are not so."""

ORDERED = 0.25
"""Share of severe and serious dangers that go out by telephone first 先处置后补录."""

ONE_KEY = 0.3
"""Share that is accepted, registered and dispatched with one key."""

ESCALATED, DELEGATED = 0.015, 0.35
"""Shares of lower loops' cases that go up, and of hotlines' cases that go down to the subdistrict."""

RETURNED, UPHELD, TWICE = 0.035, 0.55, 0.2
"""Shares that are sent back, of those that are upheld, and of those that the next unit sends back as well."""

HELPED = 0.012
EXTENDED, GRANTED = 0.05, 0.8
"""Shares of cases of a day and more for which more time is asked, and of those that get it."""

SUSPENDED, SUSPENDED_DAYS = 0.05, (10, 240)
"""Share of cases of two days and more that are suspended 挂账, for how many days."""

REWORKED = 0.045
REMINDED, SUPERVISED = 0.3, 0.3
"""Shares of late cases that somebody is reminded of 催办, and of very late ones that are taken up above 督办."""

CALLED_BACK, SOLVED, SATISFIED = 0.4, 0.93, 0.87
"""Shares of residents' cases that are called back, of those that call it solved, and that are satisfied."""

REOPENED, APPEALED, FORCED = 0.008, 0.003, 0.04
"""Shares of closed cases that come back, that a unit appeals against; of suspended ones that are closed by force."""

TOLD_BY_PEOPLE = frozenset({"hotline_12345", "hotline_12319", "resident_code", "building_head", "media"})
ANSWERED = frozenset({"hotline_12345", "hotline_12319", "higher_platform"})
"""Sources that have to be answered 答复来源."""

DONE = ("已到场处理，现场恢复，照片附后。", "已处置完毕，请核查。", "已整改到位，照片附后。")
AGREED, OTHERWISE = "同意。", "不同意，请按期办理。"
WHY_UP, WHY_DOWN = "超出本级处置能力", "属地处置更便捷"

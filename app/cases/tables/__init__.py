"""事: cases, the conditions under which they are registered, the log of their moves."""

from app.cases.tables.case import Case, CaseCategory, Import
from app.cases.tables.conditions import CaseCounter, CasePrefix, FilingCondition
from app.cases.tables.log import (
    CaseAttachment,
    CaseContact,
    CaseLink,
    CaseRemark,
    CaseReportKey,
    CaseTransition,
)
from app.cases.tables.reference import (
    BusinessLine,
    CalendarDay,
    CalendarHours,
    LoopLabel,
    Major,
    Phrase,
    SeasonOfYear,
    StageLimit,
    WorkCalendar,
)
from app.cases.tables.routing import DispatchPolicy, MaintenanceArea, RoutingRule
from app.cases.tables.telling import CaseRating, Notice
from app.cases.tables.watching import CaseAlarm, CaseArea, CaseSeal

__all__ = [
    "BusinessLine",
    "CalendarDay",
    "CalendarHours",
    "Case",
    "CaseAlarm",
    "CaseArea",
    "CaseAttachment",
    "CaseCategory",
    "CaseContact",
    "CaseCounter",
    "CaseLink",
    "CasePrefix",
    "CaseRating",
    "CaseRemark",
    "CaseReportKey",
    "CaseSeal",
    "CaseTransition",
    "DispatchPolicy",
    "FilingCondition",
    "Import",
    "LoopLabel",
    "MaintenanceArea",
    "Major",
    "Notice",
    "Phrase",
    "RoutingRule",
    "SeasonOfYear",
    "StageLimit",
    "WorkCalendar",
]

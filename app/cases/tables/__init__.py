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

__all__ = [
    "Case",
    "CaseAttachment",
    "CaseCategory",
    "CaseContact",
    "CaseCounter",
    "CaseLink",
    "CasePrefix",
    "CaseRemark",
    "CaseReportKey",
    "CaseTransition",
    "FilingCondition",
    "Import",
]

"""What can be done with a run, by whom and when: 编辑, 送签, 会签, 签发, 取消, 重做. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.reports.rules.states import State


class Act(StrEnum):
    """Something that is done with a run."""

    CANCEL = "cancel"
    EDIT = "edit"
    CIRCULATE = "circulate"
    SIGN = "sign"
    ISSUE = "issue"
    AGAIN = "again"


NOT_THEIRS = frozenset({"report_not_own", "report_own", "report_issue_not_permitted"})
"""Refusals that have nothing to do with how far a run is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands, for one who asks.

    Parameters
    ----------
    own
        Whether they asked for it.
    rewording
        Whether its next edition is being written.
    signed
        Whether they have signed the edition that stands.
    shared
        Whether it is about an area or a unit, and so could be seen by others.
    may_issue
        Whether their post issues reports.
    """

    state: State
    own: bool
    circulated: bool
    issued: bool
    rewording: bool
    signed: bool
    shared: bool
    may_issue: bool


def refusal(act: Act, one: Standing) -> str | None:
    """Why something cannot be done with a run; None where it can.

    Notes
    -----
    Whoever drew a report up does not countersign it (会签 is for others), and what was issued is changed by nobody. An
    editor may go on until then: each edition is signed anew. A report that was not circulated can be issued by its own
    asker alone, for nobody else sees it.
    """
    if act is Act.AGAIN:
        return "report_not_over" if one.state in {State.WAITING, State.MAKING} else None
    if act is Act.CANCEL:
        return _cancelled(one)
    if act in {Act.EDIT, Act.CIRCULATE} and not one.own:
        return "report_not_own"
    if act is Act.SIGN and one.own:
        return "report_own"
    if act is Act.ISSUE and not one.may_issue:
        return "report_issue_not_permitted"
    return _stage(act, one)


def _cancelled(one: Standing) -> str | None:
    if not one.own:
        return "report_not_own"
    return None if one.state in {State.WAITING, State.MAKING} else "report_over"


def _stage(act: Act, one: Standing) -> str | None:
    if one.state is not State.DONE:
        return "report_not_done"
    if one.issued:
        return "report_issued"
    if one.rewording:
        return "report_rewording"
    if act is Act.CIRCULATE:
        return "report_circulated" if one.circulated else None if one.shared else "report_nobody_else"
    if act is Act.SIGN:
        return "report_signed" if one.signed else None if one.circulated else "report_not_circulated"
    return None


def acts(one: Standing) -> list[Act]:
    """All that can be done with a run now."""
    return [act for act in Act if refusal(act, one) is None]

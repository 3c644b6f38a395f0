"""What the platform notes by itself: instants that have come, and seals of the log; see `0015_queue_jobs.sql`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.tables.log import Xid8
from app.db import Table


class CaseAlarm(Table):
    """提醒: an instant of a clock that has come while the clock ran, noted once.

    `kind` is what came (`near_due`, `due`, `late`, `severe`, `returned_twice`), `stage` whose clock it was, `told` up
    to whom it concerns: `holder` (whoever has the case), `head` 值班长, `deputy` 分管领导, `leader` 主要领导.
    """

    __tablename__ = "case_alarms"
    __table_args__ = (UniqueConstraint("case_id", "kind", "stage", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str]
    at: Mapped[datetime]
    told: Mapped[str]
    loop: Mapped[str]
    unit_id: Mapped[int | None]
    area_no: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"), index=True)


class CaseArea(Table):
    """Since when a case lies in another area though nobody moved it: the grid was drawn anew.

    Where it lay at an instant is what the later of its log and of these rows says.
    """

    __tablename__ = "case_areas"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    was_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"), index=True
    )
    area_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE")
    )


class CaseSeal(Table):
    """The last rows of the logs of cases that have moved, chained over all cases; never changed."""

    __tablename__ = "case_seals"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    case_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    versions: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    heads: Mapped[bytes]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class CaseFollower(Table):
    """关注: a case that somebody keeps in sight."""

    __tablename__ = "case_followers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(server_default=text("now()"))

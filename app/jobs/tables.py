"""How far jobs have come. The queue itself is procrastinate's, in the schema `jobs`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class JobMark(Table):
    """How far a job has come that goes on where it ended."""

    __tablename__ = "job_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default="now()")

"""What a district's wall shows. Who may set it: `drives_wall()` in migration 0023."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class WallSetting(Table):
    """The one row of a district; none as long as nobody has set anything."""

    __tablename__ = "wall_settings"

    district_id: Mapped[int] = mapped_column(
        ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    preset: Mapped[str] = mapped_column(server_default="visit")
    focus_no: Mapped[int | None] = mapped_column(BigInteger)
    tours: Mapped[bool] = mapped_column(server_default="true")
    warning_kind: Mapped[str | None]
    warning_level: Mapped[str | None]
    warning_text: Mapped[str] = mapped_column(server_default="")
    warning_until_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    set_at: Mapped[datetime] = mapped_column(server_default="now()")

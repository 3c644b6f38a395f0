"""Who looks at whose figures. Those of people are for themselves and who answers for them; each look is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.db import Actor
from app.errors import ForbiddenError
from app.evaluation import store
from app.evaluation.rules import Of
from app.evaluation.store import Counted, Question
from app.ledger.store import Entry, add

ACTION = "evaluation.person"


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: their name and address for the access log, and whether they are a wall that everybody sees."""

    actor: Actor
    username: str
    kiosk: bool
    permissions: Collection[str]
    address: str | None = None

    def only(self, of: Of) -> int | None:
        """The only account whose figures may be looked at; None where row security alone decides.

        Raises
        ------
        ForbiddenError
            `not_permitted`: people are never counted on a wall.
        """
        if of is not Of.PERSON:
            return None
        if self.kiosk or self.actor.account_id is None:
            raise ForbiddenError("not_permitted")
        return None if Permission.READ_STAFF in self.permissions else self.actor.account_id


def keep_look(connection: Connection, looker: Looker, question: Question, keys: Sequence[str]) -> None:
    """Write into the access log that the figures of other people were shown."""
    if question.of is not Of.PERSON:
        return
    own = store.own_code(connection, looker.actor.account_id)
    others = [key for key in keys if key != own]
    if others:
        facts = {
            "people": others,
            "from": question.since.isoformat(),
            "to": question.until.isoformat(),
        }
        subject = others[0] if len(others) == 1 else None
        add(
            connection,
            Entry(
                ACTION,
                "done",
                looker.actor.account_id,
                looker.username,
                "staff",
                subject,
                looker.address,
                facts,
            ),
        )


def look(connection: Connection, looker: Looker, question: Question, *, limit: int) -> list[Counted]:
    """The counts of a period, as far as they may be shown; who was looked at is kept."""
    found = store.counted(connection, question, limit=limit)
    keep_look(connection, looker, question, [one.key for one in found])
    return found

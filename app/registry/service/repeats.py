"""What comes twice under one id of its client is done once: elements made, ties, mergers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.errors import ConflictError
from app.registry.store import repeats as store


class Did(StrEnum):
    """What was done under an id."""

    MADE = "made"
    TIED = "tied"
    CONCERNED = "concerned"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Once:
    """Something that is done once, on behalf of an account; however often where its client gave it no id."""

    connection: Connection
    client: UUID | None
    account_id: int | None
    did: Did

    def earlier(self, element_id: int | None = None) -> store.Done | None:
        """What was done under the id already.

        Parameters
        ----------
        element_id
            To which it is to be done; None for what is only being made.

        Raises
        ------
        ConflictError
            `client_id_used`: for something else.
        """
        found = None if self.client is None else store.done(self.connection, self.client)
        if found is not None and (found.did != self.did or element_id not in {None, found.element_id}):
            raise ConflictError("client_id_used")
        return found

    def done(self, element_id: int, merge_id: int | None = None) -> None:
        """Remember that it is done.

        Raises
        ------
        ConflictError
            `client_id_used`: sent twice at once, or somebody else's id; whoever comes second asks again.
        """
        if self.client is None:
            return
        try:
            store.add(self.connection, self.client, self.account_id, self.did.value, element_id, merge_id)
        except IntegrityError:
            raise ConflictError("client_id_used") from None

"""Under which ids of clients something was done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: to which element, and the number of a merger."""

    did: str
    element_id: int
    merge_id: int | None


def done(connection: Connection, client: UUID) -> Done | None:
    """What the one who acts has done under an id of their own."""
    row = connection.execute(
        text("SELECT did, element_id, merge_id FROM element_keys WHERE client_id = :client"),
        {"client": client},
    ).one_or_none()
    return None if row is None else Done(row.did, row.element_id, row.merge_id)


def add(
    connection: Connection,
    client: UUID,
    account_id: int | None,
    did: str,
    element_id: int,
    merge_id: int | None,
) -> None:
    """Note what was done under the id of a client.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        That id is used.
    """
    connection.execute(
        text(
            "INSERT INTO element_keys (client_id, account_id, did, element_id, merge_id)"
            " VALUES (:client, :account, :did, :element, :merge)"
        ),
        {"client": client, "account": account_id, "did": did, "element": element_id, "merge": merge_id},
    )

"""`panlong audit`: the logs held against their chains of hashes."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Connection

from app.cases.service import proving
from app.cases.service.proving import Breach, Proof
from app.cli.preparing import workspace_url
from app.cli.words import complain, say
from app.db import transaction
from app.ledger import store as ledger
from app.staffing.service import handing_over

TAMPERED = 1
SHOWN = 50
"""Faults of cases that are told one by one."""


@click.group()
def audit() -> None:
    """The access log, the log of moves."""


@audit.command("verify")
def verify() -> None:
    """Hold the access log and the log of moves against their chains of hashes, and hand-overs against what was signed.

    Exit status 1 where something was tampered with.
    """
    url = workspace_url()
    with transaction(url, read_only=True) as connection:
        whole = _access_log(connection)
    with transaction(url) as connection:
        proof = proving.prove(connection)
    _tell(proof)
    if not whole or proof.faults:
        sys.exit(TAMPERED)


def _access_log(connection: Connection) -> bool:
    count, faults = ledger.verify(connection)
    altered = handing_over.altered(connection)
    for fault in faults:
        complain(f"cli.chain_{fault.kind}", no=fault.no, was=fault.was)
    for number in altered:
        complain("cli.handover_altered", no=number)
    if faults or altered:
        return False
    say("cli.chain_whole", count=count)
    return True


def _tell(proof: Proof) -> None:
    for fault in proof.faults[:SHOWN]:
        complain(f"cli.case_{fault.kind}", **_facts(fault))
    if len(proof.faults) > SHOWN:
        complain("cli.more_faults", count=len(proof.faults) - SHOWN)
    if not proof.faults:
        say("cli.cases_whole", rows=proof.rows, cases=proof.cases)
    if proof.last_seal is not None:
        say("cli.last_seal", count=proof.seals, hash=proof.last_seal)


def _facts(fault: Breach) -> dict[str, int | None]:
    return {"case": fault.case_id, "no": fault.no, "was": fault.was}

"""Rules of a case 事: states, moves, loops, clocks. Pure: no database, no clock of their own."""

from app.cases.rules.states import GIVEN_STATES, OPEN_STATES, STEPS, CaseState, parse_state

__all__ = ["GIVEN_STATES", "OPEN_STATES", "STEPS", "CaseState", "parse_state"]

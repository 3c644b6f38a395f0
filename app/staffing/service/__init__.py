"""What is done with units, posts and people."""

from app.staffing.service.appointing import appoint, appoint_first, appoint_kiosk
from app.staffing.service.units import add_reference_units, sub_centre_code

__all__ = ["add_reference_units", "appoint", "appoint_first", "appoint_kiosk", "sub_centre_code"]

"""The demo: a simulated district with two years of simulated cases."""

from app.demo.service.loading import KINDS, load, wanted_kind, write_files
from app.demo.service.people import DemoAccount, staff
from app.demo.service.registry import SIZES

__all__ = ["KINDS", "SIZES", "DemoAccount", "load", "staff", "wanted_kind", "write_files"]

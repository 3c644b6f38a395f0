"""The demo: a simulated district with two years of simulated cases."""

from app.demo.service.loading import KINDS, load, wanted_kind
from app.demo.service.people import DemoAccount, staff

__all__ = ["KINDS", "DemoAccount", "load", "staff", "wanted_kind"]

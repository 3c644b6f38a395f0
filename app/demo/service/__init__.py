"""The demo: a simulated district with two years of simulated cases."""

from app.demo.service.loading import KINDS, load, wanted_kind

__all__ = ["KINDS", "load", "wanted_kind"]

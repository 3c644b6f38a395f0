"""`/api/v1`: what is asked of staffing: gaps of the 1+1+1+N, bodies, who is on duty, and calling people."""

from app.staffing.api import calling, duty, gaps  # each puts its views on the blueprint
from app.staffing.api.blueprint import blueprint

__all__ = ["blueprint", "calling", "duty", "gaps"]

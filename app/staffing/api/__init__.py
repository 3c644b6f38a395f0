"""`/api/v1`: what is asked of staffing: gaps of the 1+1+1+N, bodies, and who is on duty."""

from app.staffing.api import duty, gaps  # each puts its views on the blueprint
from app.staffing.api.blueprint import blueprint

__all__ = ["blueprint", "duty", "gaps"]

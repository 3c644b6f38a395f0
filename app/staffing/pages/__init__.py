"""The pages of staffing: people, units, the board, duty, and what administrators look after."""

# Each of these puts its views on the blueprint.
from app.staffing.pages import absence, board, duty, handing_over, people, posts, roster, security, units  # noqa: F401
from app.staffing.pages.blueprint import blueprint

__all__ = ["blueprint"]

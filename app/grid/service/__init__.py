"""What is done to a territory: a district is made, its areas are put in, its grid gets a new edition."""

from app.grid.service.districts import create_district, the_district
from app.grid.service.layers import AreaRows, PutResult, choose_projection, parents_of, put_areas

__all__ = [
    "AreaRows",
    "PutResult",
    "choose_projection",
    "create_district",
    "parents_of",
    "put_areas",
    "the_district",
]

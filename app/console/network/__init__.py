"""关系网络: what is tied to a cell, an area, a case, a unit, and how."""

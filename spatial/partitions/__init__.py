"""Layers larger than one machine: a file for each district, and a verb that runs over all of them.

`write` lays a layer down as GeoParquet, one file a district; `read` is the whole of it as a Dask frame, of which
nothing is loaded yet; `each` asks a verb of every district, here or on the workers of a cluster. What a verb is given
is an ordinary layer of one district, so any verb of layers runs unchanged; those of this library are in `verbs`.
`read`, and `each` over what it gives, need the extra `cluster`.
"""

from spatial.partitions.each import each, seed_of
from spatial.partitions.folder import read, write
from spatial.partitions.verbs import cluster_cases, find_emerging, find_hot_spots, locate_cases, rate_cells

__all__ = [
    "cluster_cases",
    "each",
    "find_emerging",
    "find_hot_spots",
    "locate_cases",
    "rate_cells",
    "read",
    "seed_of",
    "write",
]

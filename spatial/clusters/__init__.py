"""Clusters: whether cases come together more closely than chance has it, and where.

`knox` asks of pairs of cases, `st_dbscan` gathers cases that are dense in space and time, `scan` looks for the
circles, or cylinders of circle and time, that hold too many cases for the people who live there.
"""

from spatial.clusters.knox import Knox, knox
from spatial.clusters.scan import Cluster, Scan, scan
from spatial.clusters.st_dbscan import StClusters, st_dbscan

__all__ = ["Cluster", "Knox", "Scan", "StClusters", "knox", "scan", "st_dbscan"]

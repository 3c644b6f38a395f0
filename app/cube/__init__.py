"""案件立方: every case of the district in memory, in columns; a map, its figures and its list are then one set."""

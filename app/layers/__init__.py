"""图层: what analysts take away, as Arrow and as GeoParquet, with their own rights and without personal data."""

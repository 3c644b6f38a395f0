"""Makes reports, and writes them in every format."""

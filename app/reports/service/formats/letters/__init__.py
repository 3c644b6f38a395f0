"""The parts of a report that offices edit: looks, ruled tables, pictures, and what stands above and below each page."""

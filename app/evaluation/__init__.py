"""考核评价: indicators from cases and their log; one SQL definition for figures, fills, pages and notebooks."""

"""Reports 报告: what leaves the screen, with what it shows, of when, and by which rule."""

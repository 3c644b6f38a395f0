"""大屏: the wall of the command centre, and how it is driven."""

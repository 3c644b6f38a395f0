"""The two sides of `tests.benchmarks.hotspots`."""

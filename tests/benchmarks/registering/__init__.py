"""The parts of the benchmark of the registry: who asks what, and whether the answers are right."""

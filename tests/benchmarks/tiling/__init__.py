"""What the benchmark of tiles is made of: the cases, the servers, the trace, and each of its three parts."""

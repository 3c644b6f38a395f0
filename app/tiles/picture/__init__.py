"""The map as one drawing made by the server, for screens whose browser has no WebGL."""

"""Imports that somebody prepares: a file is sent, its columns are read, it is tried, decided on, and written."""

"""Data sets, generated or read from files: one module or folder a kind of data."""

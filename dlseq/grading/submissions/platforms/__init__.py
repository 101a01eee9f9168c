"""Learning platforms: one module for the names that each of them gives to downloaded submissions."""

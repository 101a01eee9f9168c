"""Rivals of the tasks: simple models that a network has to beat."""

"""Mutants of a solution: code changed by operators, and functions that ignore an argument."""

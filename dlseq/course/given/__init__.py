"""Helpers that exercises import, one module per exercise."""

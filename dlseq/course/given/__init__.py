"""Helpers that exercises are given, one module an exercise."""

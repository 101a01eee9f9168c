"""Keras models that know ids and arrays, not texts."""

"""Fitting, batching, checkpoints, losses and metrics, shared by all tasks."""

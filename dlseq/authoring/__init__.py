"""Authoring for instructors: release the course, prove that its exercises grade well, describe known mistakes."""

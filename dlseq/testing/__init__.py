"""All that a graded test may import."""

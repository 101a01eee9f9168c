"""For instructors: release the course, prove that its exercises grade well, write the mistakes."""

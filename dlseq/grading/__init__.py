"""Marking: graded tests on one side, a submission on the other, and only plain data between them."""

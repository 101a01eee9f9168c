"""Everything of this package that a submission's process can see."""

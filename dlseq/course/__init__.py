"""The course: its exercises, its folder layout, and the conversion of solutions into stubs and visible tests."""

"""Tasks: a network, its preprocessing and one verb each."""

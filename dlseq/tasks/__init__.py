"""Tasks: a network, its preprocessing and one verb each. `dlseq.tasks.registry` lists them."""

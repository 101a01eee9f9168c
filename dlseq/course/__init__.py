"""The exercises: their catalogue, how stubs are made of solutions, and the proof that an exercise grades well."""

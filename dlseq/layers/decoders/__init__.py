"""Recurrent decoders with attention, and the scores of positions that they add to their energies."""

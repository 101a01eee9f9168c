"""Random numbers for a seed, and draws from categorical distributions."""

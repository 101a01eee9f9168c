"""Random numbers for a seed, draws from categorical distributions, and many draws with shared prefixes."""

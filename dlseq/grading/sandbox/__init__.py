"""The sandbox in which submissions run, and the transport to it."""

"""Judge processes: their server, their client, the pool that runs them."""

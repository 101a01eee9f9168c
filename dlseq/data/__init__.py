"""What the models read, made on the spot: one module per kind of data."""

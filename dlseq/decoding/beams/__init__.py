"""Parts of beam search: the choice of extensions, and the history of the paths."""

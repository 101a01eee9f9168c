"""For students: the visible tests on their own folder, from the command line or a notebook."""

"""Checking for students: visible tests on their own files, from the command line or a notebook."""

"""Submissions: read from files, folders and archives, grouped by student, one file selected for each exercise."""

"""From a folder or archive to submissions."""

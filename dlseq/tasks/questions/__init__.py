"""Task of visual question answering."""

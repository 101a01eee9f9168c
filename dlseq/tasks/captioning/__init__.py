"""Task of image captioning."""

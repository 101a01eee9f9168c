"""Task of named entity recognition, with its presets."""

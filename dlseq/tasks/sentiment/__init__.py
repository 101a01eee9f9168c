"""Task of sentiment classification, with its presets."""

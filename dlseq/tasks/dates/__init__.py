"""Task of normalizing dates, with its presets: `normalization` has the class."""

"""Task of generating names, with its presets: `generation` has the class."""

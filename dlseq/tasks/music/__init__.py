"""Task of generating melodies, with its presets: `generation` has the class."""

"""Task of finding genes in DNA, with its presets: `finding` has the class."""

"""Task of recognizing activities in clips, with its presets: `recognition` has the class."""

"""Task of transcribing speech, with its presets: `recognition` has the class."""

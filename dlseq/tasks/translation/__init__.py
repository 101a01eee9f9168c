"""The task of translation: `translator` has the class, `presets` the settings."""

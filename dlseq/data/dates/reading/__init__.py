"""Rules for dates as people type them: normalization, and facts that the text itself tells."""

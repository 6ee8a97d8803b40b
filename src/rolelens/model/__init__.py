"""A model: its file, its settings, and the scores it gives."""

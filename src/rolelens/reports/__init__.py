"""A scored table, or the evaluation of a model, as a page."""

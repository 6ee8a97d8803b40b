"""A local page for people who don't live in a terminal, and the same as a JSON API."""

"""Rows in and out of tables, which column is what, and the scoring of whole tables."""

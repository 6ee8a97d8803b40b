"""A file of any kind becomes postings."""

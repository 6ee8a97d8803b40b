"""The documented roles: read, checked, listed, held against postings."""

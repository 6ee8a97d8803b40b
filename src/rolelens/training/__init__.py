"""Labelled postings become a model, and a model is judged by them."""

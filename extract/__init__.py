"""Dateline's extraction: news text in, a table of geopolitical events out."""

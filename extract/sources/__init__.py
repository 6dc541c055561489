"""Readers of news: files, folders and web pages become articles."""

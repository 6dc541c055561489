"""FIND: the mentions in an article: toponyms, timexes, actors and triggers."""

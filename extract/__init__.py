"""Dateline's extraction: news text in, a table of geopolitical events out.

    from extract import Article, extract_events, read_articles

    found = read_articles(["reports/"])
    table = extract_events(item for item in found if isinstance(item, Article))

The names below are the face of the package. They are loaded when they are first asked for, so
that a command that needs no model does not wait for one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract.errors import ExtractError
    from extract.gazetteer import Gazetteer
    from extract.geocoding import GazetteerGeocoder
    from extract.pipeline import Extraction, Extractor, extract_events
    from extract.records import Article, Event, Place, Span
    from extract.sources.files import Refusal, read_articles
    from extract.store import Store
    from extract.table import build_table, check_table

_ROOMS = {
    "Article": "records",
    "Event": "records",
    "ExtractError": "errors",
    "Extraction": "pipeline",
    "Extractor": "pipeline",
    "Gazetteer": "gazetteer",
    "GazetteerGeocoder": "geocoding",
    "Place": "records",
    "Refusal": "sources.files",
    "Span": "records",
    "Store": "store",
    "build_table": "table",
    "check_table": "table",
    "extract_events": "pipeline",
    "read_articles": "sources.files",
}

__all__ = [
    "Article",
    "Event",
    "ExtractError",
    "Extraction",
    "Extractor",
    "Gazetteer",
    "GazetteerGeocoder",
    "Place",
    "Refusal",
    "Span",
    "Store",
    "build_table",
    "check_table",
    "extract_events",
    "read_articles",
]


def __getattr__(name: str) -> Any:
    """Load a name of the face from its room."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'extract' has no attribute {name!r}")
    return getattr(import_module(f"extract.{_ROOMS[name]}"), name)

"""The lines that `python -m extract annotate` reads and writes: one JSON object per article.

    {"id", "text", "title"?, "published"?, "url"?, "source"?}
    -> {"id", "published", "toponyms", "timexes", "events", "skipped"}

Offsets are half-open positions of characters in the `text` of the input line, as it came.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

from extract.errors import UnreadableError
from extract.layout.header import read_header
from extract.pipeline import Extraction
from extract.records import Article, ResolvedToponym, Timex, hash_id
from extract.sources.jsonlines import read_json_object
from extract.table import build_row


@dataclass(frozen=True, slots=True)
class AnnotationRequest:
    """An article to annotate and its id as the input line has it, a string or a number."""

    identity: str | int | None
    article: Article


def read_request(line: bytes, *, size_limit: int) -> AnnotationRequest:
    """Read one line of input; the text is kept as it is.

    Raises UnreadableError, saying what is wrong, for a line that is no JSON object with a text,
    or that is longer than `size_limit` bytes. Where the line gives no day of publication, a
    date line or dateline in the text does, and without one the article has none.
    """
    record = read_json_object(line, size_limit=size_limit)
    published = record.published
    if published is None:
        published = read_header(record.text, title=record.title).published
    identity = record.identity
    article = Article(
        id=hash_id(record.url or record.text) if identity is None else str(identity),
        text=record.text,
        title=record.title,
        url=record.url,
        source=record.source,
        published=published,
    )
    return AnnotationRequest(identity, article)


def describe_extraction(request: AnnotationRequest, extraction: Extraction) -> dict[str, Any]:
    """Return what was found in an article as plain values, ready for JSON."""
    article = extraction.article
    return {
        "id": article.id if request.identity is None else request.identity,
        "published": article.published,
        "toponyms": [_describe_toponym(resolved) for resolved in extraction.resolved],
        "timexes": [_describe_timex(timex) for timex in extraction.timexes],
        "events": [build_row(article, event) for event in extraction.events],
        "skipped": extraction.skipped,
    }


def write_line(values: dict[str, Any]) -> bytes:
    """Return the values as one line of UTF-8 JSON with its line feed; dates as ISO 8601."""
    line = json.dumps(values, ensure_ascii=False, default=_write_value, allow_nan=False)
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:
        # Half a surrogate pair, as broken JSON of the web has it, has no UTF-8 form.
        return json.dumps(values, default=_write_value, allow_nan=False).encode() + b"\n"


def _describe_toponym(resolved: ResolvedToponym) -> dict[str, Any]:
    place = resolved.place
    return {
        "start": resolved.span.start,
        "end": resolved.span.end,
        "text": resolved.toponym.text,
        "name": place.name if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "country": place.country if place else None,
        "countries": place.countries if place else (),
        "admin1": place.admin1 if place else None,
        "geoname_id": place.geoname_id if place else None,
        "feature_code": place.feature_code if place else None,
        "precision": place.precision.value if place else None,
        "radius_km": place.radius_km if place else None,
        "confidence": round(resolved.confidence, 4),
    }


def _describe_timex(timex: Timex) -> dict[str, Any]:
    return {
        "start": timex.span.start,
        "end": timex.span.end,
        "text": timex.text,
        "type": timex.type,
        "value": timex.value,
        "date_start": timex.start,
        "date_end": timex.end,
        "granularity": timex.granularity.value if timex.granularity else None,
    }


def _write_value(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise UnreadableError(f"a value of type {type(value).__name__} has no form in JSON")

"""The events table: its columns, how it is built from events, and the check that holds it.

One row per event. Unknown is NA (NaT for dates, an empty tuple for lists), never "", 0 or
(0, 0). `check_table` raises `TableError` with every breach it finds, so that whatever reads
a table may rely on the contract written beside `COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from extract.errors import TableError
from extract.plover import EVENT_TYPES, quad_class
from extract.records import (
    Article,
    Casualties,
    DateBasis,
    Event,
    Granularity,
    PlaceBasis,
    Precision,
    RankedPlace,
    Span,
    Status,
)

# Column -> pandas dtype, in the table's order. "object" columns hold tuples or dicts:
#   country       tuple of ISO 3166-1 alpha-3 codes, the sovereign first
#   spans         {"what" | "who" | "whom" | "where" | "when": (start, end)}, the best proof;
#                 no "where" for a place that was inferred from elsewhere in the text
#   evidence      the same keys -> tuple of every (start, end) that the field was read from
#   contexts      tuple of PLOVER contexts
#   casualties    tuple of {"kind", "low", "high", "start", "end"}
#   alternatives  tuple of {"name", "country", "admin1", "latitude", "longitude", "score"}
COLUMNS: dict[str, str] = {
    "event_id": "string",
    "event_type": "string",
    "mode": "string",
    "quad_class": "string",
    "status": "string",
    "actor": "string",
    "actor_code": "string",
    "recipient": "string",
    "recipient_code": "string",
    "date_start": "datetime64[s]",
    "date_end": "datetime64[s]",
    "date_granularity": "string",
    "date_basis": "string",
    "place": "string",
    "geoname_id": "Int64",
    "country": "object",
    "admin1": "string",
    "latitude": "Float64",
    "longitude": "Float64",
    "place_precision": "string",
    "radius_km": "Float64",
    "article_id": "string",
    "source": "string",
    "title": "string",
    "url": "string",
    "published": "datetime64[s]",
    "sentence": "string",
    "sentence_start": "Int64",
    "sentence_end": "Int64",
    "trigger": "string",
    "confidence": "Float64",
    "spans": "object",
    "place_basis": "string",
    "salience": "Float64",
    "contexts": "object",
    "casualties": "object",
    "alternatives": "object",
    "evidence": "object",
}

# Rules that place an event by words which do not speak of it.
INFERRED = frozenset({PlaceBasis.PARAGRAPH, PlaceBasis.FOCUS, PlaceBasis.ACTOR})
FIELDS = ("what", "who", "whom", "where", "when")

_VOCABULARIES: dict[str, Iterable[str]] = {
    "event_type": EVENT_TYPES,
    "status": [status.value for status in Status],
    "date_granularity": [granularity.value for granularity in Granularity],
    "date_basis": [basis.value for basis in DateBasis],
    "place_precision": [precision.value for precision in Precision],
    "place_basis": [basis.value for basis in PlaceBasis],
}


def build_table(pairs: Iterable[tuple[Article, Sequence[Event]]]) -> pd.DataFrame:
    """Return the events of some articles as a checked table, in the order they come."""
    rows = [build_row(article, event) for article, events in pairs for event in events]
    return shape_table(rows)


def shape_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows with the columns' names as a checked table with the columns' dtypes."""
    frame = pd.DataFrame(
        {
            column: pd.Series([row[column] for row in rows], dtype=dtype)
            for column, dtype in COLUMNS.items()
        }
    )
    check_table(frame)
    return frame


def build_row(article: Article, event: Event) -> dict[str, Any]:
    """Return one event as a row: plain values, None for what is not known."""
    place = event.place
    what = event.spans["what"][0]
    return {
        "event_id": event.id,
        "event_type": event.event_type,
        "mode": event.mode,
        "quad_class": quad_class(event.event_type),
        "status": event.status.value,
        "actor": _join(actor.name for actor in event.actors),
        "actor_code": _join(actor.code or "" for actor in event.actors),
        "recipient": _join(actor.name for actor in event.recipients),
        "recipient_code": _join(actor.code or "" for actor in event.recipients),
        "date_start": event.start,
        "date_end": event.end,
        "date_granularity": event.granularity.value if event.granularity else None,
        "date_basis": event.date_basis.value if event.date_basis else None,
        "place": place.name if place else None,
        "geoname_id": place.geoname_id if place else None,
        "country": place.countries if place else (),
        "admin1": place.admin1 if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "place_precision": place.precision.value if place else None,
        "radius_km": place.radius_km if place else None,
        "article_id": article.id,
        "source": article.source,
        "title": article.title,
        "url": article.url,
        "published": article.published,
        "sentence": event.sentence.of(article.text),
        "sentence_start": event.sentence.start,
        "sentence_end": event.sentence.end,
        "trigger": what.of(article.text),
        "confidence": round(event.confidence, 4),
        "spans": {
            name: _pair(spans[0])
            for name, spans in event.spans.items()
            if spans and not (name == "where" and event.place_basis in INFERRED)
        },
        "place_basis": event.place_basis.value if event.place_basis else None,
        "salience": round(event.salience, 4),
        "contexts": event.contexts,
        "casualties": tuple(_casualties_row(casualties) for casualties in event.casualties),
        "alternatives": tuple(_alternative_row(ranked) for ranked in event.alternatives),
        "evidence": {
            name: tuple(_pair(span) for span in spans) for name, spans in event.spans.items()
        },
    }


def check_table(frame: pd.DataFrame) -> None:
    """Raise `TableError`, listing every breach, unless the frame keeps the contract.

    Ids are unique; dtypes are as `COLUMNS` says, also for an empty table; latitude and
    longitude stand together and in range, and precision exactly where they do; start is not
    after end; coded columns hold only codes of their vocabulary; texts are NA rather than "".
    """
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise TableError(f"the events table lacks the columns {', '.join(missing)}")
    breaches = [
        f"{column} has dtype {frame[column].dtype}, not {dtype}"
        for column, dtype in COLUMNS.items()
        if frame[column].dtype != pd.api.types.pandas_dtype(dtype)
    ]
    if breaches:
        raise TableError("the events table is malformed: " + "; ".join(breaches))

    def report(mask: pd.Series, complaint: str) -> None:
        culprits = frame.loc[mask.fillna(False).astype(bool), "event_id"]
        if len(culprits):
            named = ", ".join(str(culprit) for culprit in culprits[:3])
            breaches.append(f"{complaint} ({len(culprits)} rows, such as {named})")

    for required in ("event_id", "event_type", "status", "article_id"):
        report(frame[required].isna(), f"{required} is missing")
    report(frame["event_id"].duplicated(), "event_id stands twice")
    for column, vocabulary in _VOCABULARIES.items():
        known = frame[column].isin(list(vocabulary)) | frame[column].isna()
        report(~known, f"{column} is not in the codebook")
    for column, dtype in COLUMNS.items():
        if dtype == "string":
            report(frame[column] == "", f"{column} is empty text instead of NA")
    located = frame["latitude"].notna()
    report(located != frame["longitude"].notna(), "latitude and longitude do not stand together")
    report(located != frame["place_precision"].notna(), "precision and coordinate disagree")
    report(frame["latitude"].abs() > 90, "latitude is out of range")
    report(frame["longitude"].abs() > 180, "longitude is out of range")
    report(frame["date_start"] > frame["date_end"], "date_start is after date_end")
    report(
        frame["date_start"].isna() & frame["date_end"].isna() & frame["date_basis"].notna(),
        "date_basis is given without a date",
    )
    if breaches:
        raise TableError("the events table breaks its contract: " + "; ".join(breaches))


def _join(parts: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(part for part in parts if part)) or None


def _pair(span: Span) -> tuple[int, int]:
    return (span.start, span.end)


def _casualties_row(casualties: Casualties) -> dict[str, Any]:
    return {
        "kind": casualties.kind,
        "low": casualties.low,
        "high": casualties.high,
        "start": casualties.span.start,
        "end": casualties.span.end,
    }


def _alternative_row(ranked: RankedPlace) -> dict[str, Any]:
    return {
        "name": ranked.place.name,
        "country": ranked.place.country,
        "admin1": ranked.place.admin1,
        "latitude": ranked.place.latitude,
        "longitude": ranked.place.longitude,
        "score": round(ranked.score, 4),
    }

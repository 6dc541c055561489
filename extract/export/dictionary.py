"""What a written file says of itself: its columns explained, the query, the day, the credits.

Note(made, query) -> the words that each format carries in the place it has for them
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass, field
from typing import Any

from extract.selection import NO_PLACE, Selection
from extract.table import COLUMNS

TITLE = "Events reported in the news, extracted by Dateline"
CAUTION = (
    "Read from articles by a program: every field names the words it was read from; check them "
    "before you rely on an event."
)
CREDITS = (
    "Places: GeoNames (geonames.org, CC BY 4.0) and Dateline's own table of regions (MIT)",
    "Borders, where a map is drawn: Natural Earth (public domain)",
    "Quoted sentences belong to the publishers named in the column source",
)

# Column -> what it holds, for a reader who has nothing but the file.
MEANINGS: dict[str, str] = {
    "event_id": "the event's own id; the same article read again gives the same id",
    "event_type": "one of the 16 event types of PLOVER, such as ASSAULT or AGREE",
    "mode": "the manner within the type, as PLOVER names it; empty where it has none",
    "quad_class": "verbal or material, cooperation or conflict",
    "status": "occurred, ongoing, planned, threatened, denied or historical",
    "actor": "who did it, as named in the text; several are parted by a semicolon",
    "actor_code": "country (ISO 3166-1 alpha-3) and sector of each actor, or the group's own code",
    "recipient": "to whom it was done, as named in the text; several are parted by a semicolon",
    "recipient_code": "country and sector of each recipient, or the group's own code",
    "date_start": "the first day on which it may have happened (inclusive)",
    "date_end": "the last day on which it may have happened (inclusive)",
    "date_granularity": "the unit that the words of the date name, such as day or month",
    "date_basis": "text: a date in the text; published: the text has none, so the day it came out",
    "place": "the name of the place where it happened",
    "geoname_id": "the place's number at GeoNames; empty for places of Dateline's own table",
    "country": "the countries concerned (ISO 3166-1 alpha-3), the sovereign first",
    "admin1": "the province or state that the place lies in",
    "latitude": "degrees north, WGS 84, of the middle of the place",
    "longitude": "degrees east, WGS 84, of the middle of the place",
    "place_precision": "how much of the earth the place is: point, town, district ... country",
    "radius_km": "the event lies within about this many kilometres of latitude and longitude",
    "article_id": "the id of the article that reports it",
    "source": "who published the article",
    "title": "the article's headline",
    "url": "the article's address",
    "published": "the day the article was published",
    "sentence": "the sentence that reports the event, word for word",
    "sentence_start": "where the sentence begins in the article's text, in characters",
    "sentence_end": "where the sentence ends in the article's text, in characters",
    "trigger": "the word or words that report the event",
    "confidence": "the estimated chance that type, place and date are all right, 0 to 1",
    "spans": "for what, who, whom, where and when: first and last+1 character of the best proof",
    "place_basis": "how the place was chosen, from the trigger's own words to the actors' country",
    "salience": "how much the event is what the article is about, 0 to 1",
    "contexts": "the fields of life it belongs to, as PLOVER names them",
    "casualties": "people killed, wounded, arrested or displaced: lowest and highest number, words",
    "alternatives": "other places that the name could mean, each with its chance",
    "evidence": "for each field every stretch of text that it was read from",
}

_WORDS = {
    "countries": "country",
    "start": "from",
    "end": "to",
    "types": "event type",
    "statuses": "status",
    "actors": "actor",
    "precisions": "place precision",
    "sources": "source",
    "text": "words",
    "doers": "who",
    "recipients": "to whom",
    "area": "inside the area",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a written file says of itself besides its events.

    `query` are the filters in words, `made` is the moment of writing in UTC, `address` the
    link that opens the same view, None where there is none.
    """

    query: str = "all events"
    made: datetime.datetime = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    )
    address: str | None = None

    def describe(self, events: int) -> dict[str, Any]:
        """Return the note as plain values, with the number of events it goes with."""
        return {
            "title": TITLE,
            "made": self.made.isoformat(),
            "query": self.query,
            "address": self.address,
            "events": events,
            "caution": CAUTION,
            "credits": list(CREDITS),
            "columns": {column: MEANINGS[column] for column in COLUMNS},
        }

    def lines(self, events: int) -> list[str]:
        """Return the note as lines to read, without the columns."""
        lines = [
            TITLE,
            f"Filter: {self.query}",
            f"Events: {events:,}",
            f"Made: {self.made:%Y-%m-%d %H:%M} UTC",
        ]
        if self.address:
            lines.append(f"The same view: {self.address}")
        return [*lines, CAUTION, *CREDITS]


def describe_query(selection: Selection) -> str:
    """Return what a selection keeps, in words; "all events" where it restricts nothing."""
    parts = []
    for one in dataclasses.fields(selection):
        value = getattr(selection, one.name)
        if not value:
            continue
        name = _WORDS.get(one.name, one.name)
        if one.name == "area":
            corners = " ".join(f"{latitude:g},{longitude:g}" for latitude, longitude in value)
            parts.append(f"{name} {corners}")
            continue
        values = value if isinstance(value, tuple) else (value,)
        words = ["no place" if word == NO_PLACE else str(word) for word in values]
        parts.append(f"{name} {' or '.join(words)}")
    return "; ".join(parts) or "all events"

"""The nouns of Dateline: frozen records that every step reads and none changes.

    Article -> Toponym, Timex, ActorMention, Trigger -> ResolvedToponym -> Event

Every mention carries a `Span` into the article's stored text, half-open and in
characters, and `article.text[span.start:span.end]` is the mention's `text`. Latitude
comes before longitude everywhere, in WGS 84 degrees; distances are in kilometres;
dates are inclusive at both ends. None means "not known", never "none at all".

This module imports nothing of the project: all arrows point down to it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Precision(StrEnum):
    """How much of the earth a place stands for, from the smallest to the largest."""

    POINT = "point"
    TOWN = "town"
    DISTRICT = "district"
    PROVINCE = "province"
    REGION = "region"
    SEA = "sea"
    COUNTRY = "country"


class Granularity(StrEnum):
    """The unit that a date expression names."""

    TIME = "time"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    RANGE = "range"


class DateBasis(StrEnum):
    """Where the date of an event comes from."""

    TEXT = "text"
    PUBLISHED = "published"


class PlaceBasis(StrEnum):
    """Which rule placed an event, from the surest to the weakest."""

    TRIGGER = "trigger"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    FOCUS = "focus"
    ACTOR = "actor"


class Status(StrEnum):
    """Whether an event happened, and in what sense it is told."""

    OCCURRED = "occurred"
    ONGOING = "ongoing"
    PLANNED = "planned"
    THREATENED = "threatened"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"


class BlockKind(StrEnum):
    """What a stretch of an article's text is on the page."""

    TITLE = "title"
    HEADER = "header"
    CAPTION = "caption"
    PARAGRAPH = "paragraph"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of characters of an article's text.

    Raises ValueError when start is negative or past end.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start}, {self.end}")

    def of(self, text: str) -> str:
        """Return the words of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Say whether `other` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One news report as it is kept: nothing in it changes after it was read.

    `id` is a hash of the canonical URL, or of the text where there is no URL.
    `published` anchors every relative date; None where the reader was told to go on
    without one, and then such dates stay unresolved. `text` is what all spans point into.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime.date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the article's text and what it is on the page.

    `dateline` covers the dateline that a paragraph begins with, its dash included ("BAKU, June 12
    (Reuters) - "), None where it has none.
    """

    span: Span
    kind: BlockKind
    dateline: Span | None = None


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name of a place as the text has it, not yet resolved.

    `probability` is the recogniser's own, 0 to 1. `acts` is true where the name stands for
    the government that sits there ("Moscow rejected the plan").
    """

    span: Span
    text: str
    probability: float = 1.0
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the gazetteer: a spot, an area or a country on the earth.

    `countries` holds ISO 3166-1 alpha-3 codes, the sovereign first; a sea or a border has
    several, the high seas none. `radius_km` is the radius of the circle that stands for the
    place. `feature_code` is GeoNames' code where there is one (PPLC, ADM1, SEA ...).
    `admin1` is the name of the first-level subdivision. `geoname_id` is None for rows that
    are not GeoNames'. Raises ValueError on coordinates out of range.
    """

    name: str
    latitude: float
    longitude: float
    precision: Precision
    radius_km: float
    countries: tuple[str, ...] = ()
    admin1: str | None = None
    feature_code: str | None = None
    population: int = 0
    geoname_id: int | None = None

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(
                f"{self.name}: latitude {self.latitude}, longitude {self.longitude} is out of range"
            )

    @property
    def country(self) -> str | None:
        """The first country concerned, or None on the high seas."""
        return self.countries[0] if self.countries else None


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """One candidate for a toponym and the share of belief it got, 0 to 1."""

    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class ResolvedToponym:
    """A toponym with the place it means.

    `place` is None where the name could not be resolved. `confidence` is calibrated: of the
    pins given 0.9, nine in ten are right. `alternatives` are the runners-up, best first.
    `rule` says in a few words why this place was chosen. `relative` is the spot or area that the
    words around the name make of it ("50 km north of Mosul", "southern Lebanon"), None where
    the named place itself is meant.
    """

    toponym: Toponym
    place: Place | None
    confidence: float
    alternatives: tuple[RankedPlace, ...] = ()
    rule: str = ""
    relative: Place | None = None

    @property
    def location(self) -> Place | None:
        """Where it is: the relative place where the text gives one, else the named place."""
        return self.relative or self.place

    @property
    def span(self) -> Span:
        """Where the name stands in the text."""
        return self.toponym.span


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression with its TIMEX3 value and the days it means.

    `type` is DATE, TIME, DURATION or SET; `value` as TimeML writes it. `start` and `end` are
    inclusive days, both None where nothing anchors the expression or it names no interval.
    `modifier` is TIMEX3's mod (START, MID, END, APPROX ...). `edtf` is the same interval in
    ISO 8601-2. `rule` names how it was read; `basis` says which day it was reckoned from.
    """

    span: Span
    text: str
    type: str
    value: str
    start: datetime.date | None = None
    end: datetime.date | None = None
    granularity: Granularity | None = None
    modifier: str | None = None
    edtf: str | None = None
    rule: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ActorMention:
    """Words that name who acts or is acted upon.

    `name` is the actor's full name in the table of actors; `country` an ISO alpha-3 code or
    None; `sector` a PLOVER sector (GOV, MIL, REB ...) or None; `code` joins them ("IRN MIL"),
    or is the organisation's own code ("NATO", "UN"). `kind` says what the words are: country,
    capital, region, demonym, people, person, title, body, group, organisation, seat or thing.
    """

    span: Span
    text: str
    name: str
    country: str | None
    sector: str | None
    code: str | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The words that say what happened.

    `span` covers the head word or phrase. `event_type` and `mode` are of the codebook in
    `extract.plover`. `status_span` covers the words that decided the status, None where the
    plain tense did. `probability` is that the words report an event of this type at all.
    `sentence` is the index of the sentence in the document.
    """

    span: Span
    text: str
    event_type: str
    mode: str | None
    status: Status
    sentence: int
    status_span: Span | None = None
    probability: float = 1.0
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Casualties:
    """How many people an event harmed, with the words that say so.

    `kind` is killed, wounded, arrested, abducted, displaced or missing; `low` and `high` are
    inclusive bounds, equal for a plain number.
    """

    kind: str
    low: int
    high: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence that an article reports.

    `spans` maps each of what, who, whom, where, when to the words that prove it, the best
    first; a field that the text does not give has no key. `start` and `end` are inclusive;
    with basis `published` they are the publication date, which is only an upper bound for what
    has happened and a lower one for what is planned.
    `confidence` is the product of the probabilities that the trigger is an event of this type,
    that its place is right (where it has one) and that its date is right.
    `salience` is 1 for what the article reports and falls towards 0 for background.
    Raises ValueError where `start` is after `end`.
    """

    id: str
    article_id: str
    event_type: str
    mode: str | None
    status: Status
    sentence: Span
    spans: Mapping[str, tuple[Span, ...]]
    actors: tuple[ActorMention, ...] = ()
    recipients: tuple[ActorMention, ...] = ()
    place: Place | None = None
    place_basis: PlaceBasis | None = None
    alternatives: tuple[RankedPlace, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None
    granularity: Granularity | None = None
    date_basis: DateBasis | None = None
    confidence: float = 0.0
    salience: float = 1.0
    contexts: tuple[str, ...] = ()
    casualties: tuple[Casualties, ...] = ()
    mentions: tuple[Span, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"event {self.id}: the start {self.start} is after the end {self.end}")


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed that is watched, and how its last poll went.

    Moments are in UTC without a zone, as the store keeps them. `title`, `country` (ISO 3166-1
    alpha-3) and `language` (BCP 47) are what the user or the list said. `etag` and
    `last_modified` are the server's own words, handed back to it so that it can answer "not
    changed". `failures` counts the polls that failed since the last good one, `last_error` says
    why the latest did (None after a good one). `next_poll` is the earliest moment of the next
    poll, None where it is due at once. `new`, `known` and `refused` count the entries of the
    last good poll.
    """

    url: str
    title: str | None = None
    country: str | None = None
    language: str | None = None
    added: datetime.datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_poll: datetime.datetime | None = None
    last_ok: datetime.datetime | None = None
    failures: int = 0
    next_poll: datetime.datetime | None = None
    last_error: str | None = None
    new: int = 0
    known: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of a feed changes in its `FeedState`; every field replaces the state's own.

    `last_ok` is the state's own where the poll failed. `seen` are the canonical addresses of
    entries that need not be fetched again: they were added, were known, or were refused for a
    reason that will not pass. They are remembered beside those of earlier polls.
    """

    last_poll: datetime.datetime
    next_poll: datetime.datetime
    last_ok: datetime.datetime | None = None
    failures: int = 0
    last_error: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    new: int = 0
    known: int = 0
    refused: int = 0
    seen: tuple[str, ...] = ()


def hash_id(*parts: str) -> str:
    """Return 16 hexadecimal digits that name these parts, the same on every run."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

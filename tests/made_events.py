"""Articles and events made up for the tests of page and store, from records like real ones."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from extract.plover import EVENT_TYPES
from extract.records import (
    ActorMention,
    Article,
    Casualties,
    DateBasis,
    Event,
    Granularity,
    Place,
    PlaceBasis,
    Precision,
    RankedPlace,
    Span,
    Status,
    hash_id,
)
from extract.table import build_table

PLACES = (
    Place("Baku", 40.38, 49.89, Precision.TOWN, 15, ("AZE",), "Baku", "PPLC", 1116513, 587084),
    Place("Tehran", 35.69, 51.42, Precision.TOWN, 20, ("IRN",), "Tehran", "PPLC", 7153309, 112931),
    Place(
        "Yerevan", 40.18, 44.51, Precision.TOWN, 12, ("ARM",), "Yerevan", "PPLC", 1093485, 616052
    ),
    Place("Stepanakert", 39.82, 46.75, Precision.TOWN, 5, ("AZE",), None, "PPL", 53000, 586523),
    Place("Goris", 39.51, 46.34, Precision.TOWN, 4, ("ARM",), "Syunik", "PPL", 20379, 616752),
    Place("Muscat", 23.58, 58.41, Precision.TOWN, 15, ("OMN",), "Muscat", "PPLC", 797000, 287286),
    Place("Odesa", 46.48, 30.73, Precision.TOWN, 15, ("UKR",), "Odesa", "PPLA", 1015826, 698740),
    Place("Hodeidah", 14.8, 42.95, Precision.TOWN, 10, ("YEM",), "Hodeidah", "PPLA", 617871, 79415),
    Place("Gao", 16.27, -0.04, Precision.TOWN, 6, ("MLI",), "Gao", "PPLA", 87000, 2457161),
    Place(
        "Nakhchivan", 39.3, 45.4, Precision.PROVINCE, 60, ("AZE",), "Nakhchivan", "ADM1", 0, 586483
    ),
    Place(
        "Khuzestan", 31.3, 49.0, Precision.PROVINCE, 180, ("IRN",), "Khuzestan", "ADM1", 0, 127082
    ),
    Place("Caspian Sea", 41.7, 50.6, Precision.SEA, 400, ("AZE", "IRN", "KAZ", "RUS", "TKM")),
    Place("Gulf of Oman", 24.7, 58.8, Precision.SEA, 250, ("IRN", "OMN", "ARE")),
    Place("South China Sea", 13.0, 114.0, Precision.SEA, 900, ("CHN", "PHL", "VNM")),
    Place("Sahel", 15.0, 2.0, Precision.REGION, 900, ("MLI", "NER", "BFA")),
    Place(
        "Azerbaijan", 40.3, 47.7, Precision.COUNTRY, 260, ("AZE",), None, "PCLI", 9942000, 587116
    ),
    Place("Iran", 32.0, 53.0, Precision.COUNTRY, 720, ("IRN",), None, "PCLI", 81800000, 130758),
    Place("Ukraine", 49.0, 32.0, Precision.COUNTRY, 440, ("UKR",), None, "PCLI", 44600000, 690791),
)
ACTORS = (
    ("Azerbaijan", "AZE", "GOV"),
    ("Iran", "IRN", "GOV"),
    ("Armenian armed forces", "ARM", "MIL"),
    ("Houthis", "YEM", "REB"),
    ("Russia", "RUS", "MIL"),
)
HOSTILE = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "\"'><svg onload=window.hacked=1>",
    '=HYPERLINK("http://x","y")',
    "{{ 'map_div' }} ${window.hacked=1} `; window.hacked=1 //",
    "[x](javascript:window.hacked=1) ![y](http://x/y.png) :red[z] </style></script>",
)


def make_event(
    article: Article,
    *,
    number: int = 0,
    event_type: str = "ASSAULT",
    status: Status = Status.OCCURRED,
    place: Place | None = PLACES[0],
    start: datetime.date | None = datetime.date(2024, 6, 12),
    end: datetime.date | None = None,
    granularity: Granularity | None = Granularity.DAY,
    spans: dict[str, tuple[Span, ...]] | None = None,
    actor: tuple[str, str, str] | None = ACTORS[0],
    recipient: tuple[str, str, str] | None = None,
    alternatives: Sequence[RankedPlace] = (),
) -> Event:
    """Return one event of an article whose whole text is its sentence."""
    whole = Span(0, len(article.text))
    spans = spans or {"what": (Span(0, min(8, len(article.text))),)}
    mention = spans["what"][0]

    def named(party: tuple[str, str, str] | None) -> tuple[ActorMention, ...]:
        if party is None:
            return ()
        name, country, sector = party
        return (ActorMention(mention, name, name, country, sector, f"{country} {sector}"),)

    return Event(
        id=f"{article.id}-{number}",
        article_id=article.id,
        event_type=event_type,
        mode=None,
        status=status,
        sentence=whole,
        spans=spans,
        actors=named(actor),
        recipients=named(recipient),
        place=place,
        place_basis=PlaceBasis.SENTENCE if place else None,
        alternatives=tuple(alternatives),
        start=start,
        end=end or start,
        granularity=granularity if start else None,
        date_basis=DateBasis.TEXT if start else None,
        confidence=0.72,
    )


def make_article(number: int, text: str, **fields: object) -> Article:
    """Return an article with a title, a source and an address made from its number."""
    chosen: dict[str, object] = {
        "title": f"Report {number}",
        "url": f"https://news.example/{number}",
        "source": ("Reuters", "AFP", "Turan")[number % 3],
        "published": datetime.date(2024, 6, 13),
    }
    return Article(id=f"article{number}", text=text, **(chosen | fields))  # type: ignore[arg-type]


def make_pairs(size: int = 150, *, seed: int = 7) -> list[tuple[Article, list[Event]]]:
    """Return articles of one event each, spread over types, places, days and statuses."""
    chance = random.Random(seed)
    pairs = []
    for number in range(size):
        place = chance.choice([*PLACES, *PLACES[:9], None])
        named = place.name if place else "an unnamed place"
        actor, other = chance.sample(ACTORS, 2)
        text = (
            f"{actor[0]} struck positions of {other[0]} near {named} on that day, officials said."
        )
        article = make_article(number, text)
        day = datetime.date(2021, 1, 1) + datetime.timedelta(
            days=int(1400 * chance.random() ** 0.6)
        )
        kind = chance.random()
        start, end, granularity = day, day, Granularity.DAY
        if kind > 0.85:
            start = day.replace(day=1)
            end = (start + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
            granularity = Granularity.MONTH
        if kind > 0.95:
            start, end = day.replace(month=1, day=1), day.replace(month=12, day=31)
            granularity = Granularity.YEAR
        where = text.find(named)
        spans = {
            "who": (Span(0, len(actor[0])),),
            "what": (Span(len(actor[0]) + 1, len(actor[0]) + 7),),
            "whom": (Span(text.find(other[0]), text.find(other[0]) + len(other[0])),),
            "where": (Span(where, where + len(named)),),
            "when": (Span(text.find("that day"), text.find("that day") + 8),),
        }
        dated = chance.random() > 0.04
        event = make_event(
            article,
            event_type=chance.choice([*EVENT_TYPES, "ASSAULT", "ASSAULT", "CONSULT"]),
            status=chance.choice([*Status, *[Status.OCCURRED] * 12]),
            place=place,
            start=start if dated else None,
            end=end if dated else None,
            granularity=granularity,
            spans=spans,
            actor=actor,
            recipient=other,
            alternatives=(RankedPlace(PLACES[1], 0.2), RankedPlace(PLACES[2], 0.1))
            if place
            else (),
        )
        pairs.append((article, [event]))
    return pairs


def make_frame(size: int = 150, *, seed: int = 7) -> pd.DataFrame:
    """Return the events table of `make_pairs`."""
    return build_table(make_pairs(size, seed=seed))


def make_hostile_pairs() -> list[tuple[Article, list[Event]]]:
    """Return articles whose every field tries to become markup, script or a formula."""
    pairs = []
    for number, text in enumerate(HOSTILE):
        article = make_article(
            900 + number,
            f"{text} struck {text}",
            title=text,
            source=text,
            url="javascript:window.hacked=1"
            if number % 2
            else 'https://x.example/"><script>window.hacked=1</script>',
        )
        place = Place(text, 40.0 + number, 49.0 + number, Precision.TOWN, 5, ("AZE",), text)
        words = (Span(0, len(text)),)
        event = make_event(
            article,
            place=place,
            actor=(text, "AZE", "GOV"),
            recipient=(text, "IRN", "GOV"),
            spans={"what": words, "who": words, "where": words},
            alternatives=(RankedPlace(place, 0.4),),
        )
        pairs.append((article, [event]))
    return pairs


# For the store: an article whose two events use every column between them.
DRILL = "Iran began a drill in the Caspian Sea on Monday. Two sailors were hurt. Baku protested."
_CASPIAN = Place("Caspian Sea", 41.8, 50.6, Precision.SEA, 500.0, ("IRN", "AZE"), None, "SEA")
_BAKU = Place(
    "Baku", 40.38, 49.89, Precision.TOWN, 15.0, ("AZE",), "Baki", "PPLC", 1_116_513, 587084
)


@dataclass(frozen=True)
class Extraction:
    """What the store needs of an extraction."""

    article: Article
    events: tuple[Event, ...]
    skipped: str | None = None
    supposed: int = 0


def make_drill_article(number: int = 1, text: str = DRILL) -> Article:
    """Return the article of a number, wherever it comes from."""
    return Article(
        id=hash_id("test", str(number)),
        text=text,
        title=f"Drill {number} <b>'\"; DROP TABLE articles; --",
        url=f"https://news.example/{number}",
        source="Example",
        published=datetime.date(2024, 6, 12),
    )


def make_drill_events(article: Article) -> tuple[Event, ...]:
    """Return two events, one with all that an event can have, one with hardly anything."""
    drill = Span(DRILL.index("drill"), DRILL.index("drill") + 5)
    iran = Span(0, 4)
    sea = Span(DRILL.index("Caspian"), DRILL.index("Caspian") + 11)
    protest = Span(DRILL.index("protested"), DRILL.index("protested") + 9)
    return (
        Event(
            id=hash_id(article.id, "drill"),
            article_id=article.id,
            event_type="MOBILIZE",
            mode="troops",
            status=Status.ONGOING,
            sentence=Span(0, DRILL.index("Two") - 1),
            spans={"what": (drill,), "who": (iran,), "where": (sea,)},
            actors=(ActorMention(iran, "Iran", "Iran", "IRN", None, "IRN"),),
            place=_CASPIAN,
            place_basis=PlaceBasis.TRIGGER,
            alternatives=(RankedPlace(_BAKU, 0.1),),
            start=datetime.date(2024, 6, 10),
            end=datetime.date(2024, 6, 10),
            granularity=Granularity.DAY,
            date_basis=DateBasis.TEXT,
            confidence=0.81,
            contexts=("military",),
            casualties=(Casualties("wounded", 2, 2, Span(49, 52)),),
        ),
        Event(
            id=hash_id(article.id, "protest"),
            article_id=article.id,
            event_type="ACCUSE",
            mode=None,
            status=Status.OCCURRED,
            sentence=Span(DRILL.index("Baku"), len(DRILL)),
            spans={"what": (protest,)},
            end=datetime.date(2024, 6, 12),
            start=datetime.date(2024, 6, 12),
            granularity=Granularity.DAY,
            date_basis=DateBasis.PUBLISHED,
            confidence=0.5,
        ),
    )


def make_drill(number: int = 1) -> Extraction:
    """Return the article of a number with its two events."""
    article = make_drill_article(number)
    return Extraction(article, make_drill_events(article))

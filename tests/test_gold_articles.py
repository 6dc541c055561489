"""The whole gold articles of `gold/articles.jsonl` are sound: spans, codes, dates, places.

Unlike the reports they are as long as news is, name places, people and dates far from the deeds,
and tell background, opinions and totals between the events.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from extract.plover import EVENT_TYPES
from extract.records import Precision, Status

ARTICLES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "gold" / "articles.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
EVENTS = [(article, event) for article in ARTICLES for event in article["events"]]
GRAINS = {"day": (1, 1), "week": (2, 10), "month": (11, 31), "season": (32, 100)}


def test_articles_are_long_and_varied() -> None:
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES) >= 14
    for article in ARTICLES:
        assert 300 <= len(article["text"].split()) <= 600, article["id"]
    assert {event["types"][0] for _, event in EVENTS} >= set(EVENT_TYPES) - {"CONCEDE"}
    assert len({code for _, event in EVENTS for code in event["countries"]}) >= 35


def test_evidence_is_a_sentence_of_the_text() -> None:
    for article, event in EVENTS:
        start, end = event["evidence"]
        words = article["text"][start:end]
        assert words == words.strip() != "", article["id"]
        assert words[-1] in ',.?!"', (article["id"], words)
        assert start == 0 or article["text"][start - 1].isspace(), article["id"]


def test_fields_follow_the_codebook() -> None:
    for article, event in EVENTS:
        assert set(event["types"]) <= set(EVENT_TYPES), article["id"]
        assert event["types"], article["id"]
        assert set(event["status"]) <= {status.value for status in Status}, article["id"]
        assert event["precision"] in {*Precision, "none"}, article["id"]
        assert (event["latitude"] is None) == (event["place"] is None), article["id"]
        for name in event["places_ok"]:
            assert name in article["title"] + article["text"], (article["id"], name)


def test_dates_are_intervals_of_their_granularity() -> None:
    for article, event in EVENTS:
        if event["start"] is None:
            assert (event["end"], event["granularity"]) == (None, "unknown"), article["id"]
            continue
        start = datetime.date.fromisoformat(event["start"])
        end = datetime.date.fromisoformat(event["end"])
        low, high = GRAINS.get(event["granularity"], (101, 10_000))
        assert low <= (end - start).days + 1 <= high, article["id"]
        published = datetime.date.fromisoformat(article["published"])
        if event["status"] == ["occurred"]:
            assert start <= published, article["id"]
        if event["status"] == ["historical"]:
            assert (published - end).days >= 300, article["id"]

"""The gold reports are sound: words, offsets, codes, dates, places.

`gold/events.jsonl` has reports of every kind, `gold/nested.jsonl` 60 that were written before what
the program makes of them was looked at: nested places and dates, venues of words beside places of
deeds, several actors, from all world regions.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from extract.plover import EVENT_TYPES
from extract.records import Precision, Status

REPORTS: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("events", "nested")
    for line in (Path(__file__).parent / "gold" / f"{name}.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
EVENTS = [(report, event) for report in REPORTS for event in report["events"]]
GRAINS = {"day": (1, 1), "week": (2, 10), "month": (11, 31), "season": (32, 100)}


def test_there_are_enough_reports_of_every_kind() -> None:
    assert len(REPORTS) >= 150
    assert len({report["id"] for report in REPORTS}) == len(REPORTS)
    assert sum(not report["events"] for report in REPORTS) >= 10
    assert {event["types"][0] for _, event in EVENTS} == set(EVENT_TYPES)
    statuses = {status for _, event in EVENTS for status in event["status"]}
    assert statuses == {status.value for status in Status} - {"hypothetical"}
    assert len({code for _, event in EVENTS for code in event["countries"]}) >= 100


def test_reports_are_short_and_whole() -> None:
    for report in REPORTS:
        assert 35 <= len(report["text"].split()) <= 115, report["id"]
        assert report["title"], report["id"]
        assert report["kind"], report["id"]
        datetime.date.fromisoformat(report["published"])


def test_evidence_is_a_sentence_of_the_text() -> None:
    for report, event in EVENTS:
        start, end = event["evidence"]
        words = report["text"][start:end]
        assert words == words.strip() != "", report["id"]
        assert words[-1] in '.?!"', (report["id"], words)
        assert start == 0 or report["text"][start - 1].isspace(), report["id"]


def test_fields_follow_the_codebook() -> None:
    for report, event in EVENTS:
        assert event["types"], report["id"]
        assert set(event["types"]) <= set(EVENT_TYPES), report["id"]
        assert event["status"], report["id"]
        assert event["precision"] in {*Precision, "none"}, report["id"]
        assert (event["latitude"] is None) == (event["place"] is None), report["id"]
        assert (event["precision"] == "none") == (event["place"] is None), report["id"]
        if event["place"]:
            assert event["place"] in report["title"] + report["text"], report["id"]
            assert abs(event["latitude"]) <= 90
            assert abs(event["longitude"]) <= 180


def test_dates_are_intervals_of_their_granularity() -> None:
    for report, event in EVENTS:
        if event["start"] is None:
            assert (event["end"], event["granularity"]) == (None, "unknown"), report["id"]
            continue
        start = datetime.date.fromisoformat(event["start"])
        end = datetime.date.fromisoformat(event["end"])
        low, high = GRAINS.get(event["granularity"], (101, 10_000))
        assert low <= (end - start).days + 1 <= high, report["id"]
        published = datetime.date.fromisoformat(report["published"])
        if event["status"] == ["occurred"]:
            assert start <= published, report["id"]
        if event["status"] == ["historical"]:
            assert (published - end).days >= 300, report["id"]

"""The project's own gold data is sound: offsets, codes, dates and counts.

What the program scores on it is another test's affair.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pycountry

from extract.bundled import bundled_path
from extract.plover import EVENT_TYPES
from extract.records import Status

GOLD = Path(__file__).parent / "gold"
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
COUNTRIES = {country.alpha_3 for country in pycountry.countries} | {"XKX"}


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


REPORTS = read_lines(bundled_path("sample.jsonl"))
EVENTS = read_lines(GOLD / "sample_events.jsonl")


def test_the_sample_has_reports_enough_each_short_and_dated() -> None:
    assert len(REPORTS) >= 44
    assert len({report["id"] for report in REPORTS}) == len(REPORTS)
    assert [report["published"] for report in REPORTS] == sorted(
        report["published"] for report in REPORTS
    )
    for report in REPORTS:
        assert list(report) == ["id", "title", "text", "published", "source", "url"]
        assert report["source"] == "Dateline sample"
        assert report["url"] is None
        assert 60 <= len(report["text"].split()) <= 160, report["id"]
        assert report["title"] not in report["text"]
        assert "2019" <= report["published"][:4] <= "2024"
        datetime.date.fromisoformat(report["published"])


def test_a_dateline_names_the_day_of_publication() -> None:
    months = ["Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov"]
    months.append("Dec")
    for report in REPORTS:
        head = re.match(r"(?P<place>[A-Z].*), (?P<month>\w+) (?P<day>\d+) — ", report["text"])
        assert head, report["id"]
        day = datetime.date.fromisoformat(report["published"])
        assert (head["month"], int(head["day"])) == (months[day.month - 1], day.day), report["id"]


def test_weekdays_in_the_sample_fit_the_dates_of_their_events() -> None:
    """A sentence with one weekday holds an event that is on, or reaches, such a day."""
    checked = 0
    for report, gold in zip(REPORTS, EVENTS, strict=True):
        published = datetime.date.fromisoformat(report["published"])
        for evidence in {tuple(event["evidence"]) for event in gold["events"]}:
            named = re.findall(r"\b(\w{3,6}day)\b", report["text"][slice(*evidence)])
            named = [name for name in named if name in WEEKDAYS]
            if len(named) != 1:
                continue
            ends = [
                datetime.date.fromisoformat(event["end"])
                for event in gold["events"]
                if tuple(event["evidence"]) == evidence
            ]
            near = [day for day in ends if abs((published - day).days) <= 7]
            if near:
                checked += 1
                assert named[0] in {f"{day:%A}" for day in near}, (report["id"], evidence)
    assert checked >= 60


def test_events_of_the_sample_are_well_formed() -> None:
    assert [gold["id"] for gold in EVENTS] == [report["id"] for report in REPORTS]
    assert sum(len(gold["events"]) for gold in EVENTS) >= 130
    for report, gold in zip(REPORTS, EVENTS, strict=True):
        published = datetime.date.fromisoformat(report["published"])
        assert gold["events"], report["id"]
        for event in gold["events"]:
            where = (report["id"], event["id"])
            start, end = (datetime.date.fromisoformat(event[key]) for key in ("start", "end"))
            assert start <= end, where
            assert set(event["types"]) <= set(EVENT_TYPES), where
            assert set(event["status"]) <= {status.value for status in Status}, where
            assert set(event["countries"]) <= COUNTRIES, where
            assert event["place"] is None or event["place"] in report["text"], where
            assert all(re.fullmatch("[A-Z0-9]+", code) for code in event["actors"]), where
            assert all(re.fullmatch("[A-Z0-9]+", code) for code in event["recipients"]), where
            if event["status"] == ["historical"]:
                assert (published - end).days > 366, where
            if start > published:
                assert "planned" in event["status"], where


def test_evidence_is_a_whole_sentence() -> None:
    for report, gold in zip(REPORTS, EVENTS, strict=True):
        for event in gold["events"]:
            start, end = event["evidence"]
            sentence = report["text"][start:end]
            assert sentence == sentence.strip(), (report["id"], event["id"])
            assert sentence.endswith((".", '."')), (report["id"], event["id"])
            assert start == 0 or report["text"][start - 1] in " \n", (report["id"], event["id"])
            assert end == len(report["text"]) or report["text"][end] in " \n"


def test_the_sample_mixes_types_and_statuses() -> None:
    events = [event for gold in EVENTS for event in gold["events"]]
    assert {event["types"][0] for event in events} == set(EVENT_TYPES)
    statuses = Counter(event["status"][0] for event in events)
    for status in ("occurred", "ongoing", "planned", "threatened", "denied", "historical"):
        assert statuses[status] >= 5, status
    assert sum(event["core"] for event in events) >= 130

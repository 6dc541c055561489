"""The project's own gold data is sound: offsets, codes, dates and counts.

What the program scores on it is another test's affair.
"""

from __future__ import annotations

import datetime
import itertools
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


PASSAGES = read_lines(GOLD / "places.jsonl")
KINDS = """
    person common_word organisation containment renamed disputed sea relative abbreviation
    transliteration metonymy historical homograph dateline enumeration world
""".split()


def test_passages_are_many_short_and_of_every_kind() -> None:
    assert len(PASSAGES) >= 310
    assert len({passage["id"] for passage in PASSAGES}) == len(PASSAGES)
    assert len({passage["text"] for passage in PASSAGES}) == len(PASSAGES)
    counts = Counter(passage["kind"] for passage in PASSAGES)
    assert sorted(counts) == sorted(KINDS)
    assert min(counts.values()) >= 20, counts
    for passage in PASSAGES:
        assert list(passage) == ["id", "kind", "text", "toponyms", "not_places"]
        assert len(passage["text"].split()) <= 60, passage["id"]
        assert passage["toponyms"] or passage["not_places"], passage["id"]


def test_offsets_of_passages_are_whole_words_and_apart() -> None:
    for passage in PASSAGES:
        text = passage["text"]
        spans = [(toponym["start"], toponym["end"]) for toponym in passage["toponyms"]]
        for toponym in passage["toponyms"]:
            assert text[toponym["start"] : toponym["end"]] == toponym["text"], passage["id"]
        spans = sorted(spans + [tuple(span) for span in passage["not_places"]])
        for start, end in spans:
            assert 0 <= start < end <= len(text), passage["id"]
            assert text[start:end] == text[start:end].strip(), passage["id"]
            assert start == 0 or not text[start - 1].isalnum(), passage["id"]
            assert end == len(text) or not text[end].isalnum(), passage["id"]
        for (_, end), (start, _) in itertools.pairwise(spans):
            assert end <= start, passage["id"]


def test_places_of_passages_are_in_range() -> None:
    for passage in PASSAGES:
        for toponym in passage["toponyms"]:
            assert -90 <= toponym["latitude"] <= 90, passage["id"]
            assert -180 <= toponym["longitude"] <= 180, passage["id"]
            assert 0 < toponym["within_km"] <= 6000, passage["id"]
            assert toponym["country"] is None or toponym["country"] in COUNTRIES, passage["id"]
            assert toponym.get("acts") in (None, True, False), passage["id"]


def test_no_country_named_in_a_passage_is_left_out() -> None:
    names = [country.name for country in pycountry.countries if "," not in country.name]
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")
    for passage in PASSAGES:
        spans = [(toponym["start"], toponym["end"]) for toponym in passage["toponyms"]]
        spans += [tuple(span) for span in passage["not_places"]]
        for match in pattern.finditer(passage["text"]):
            assert any(start <= match.start() and match.end() <= end for start, end in spans), (
                passage["id"]
            )


def test_passages_come_from_all_over_the_world() -> None:
    countries = Counter(
        toponym["country"] for passage in PASSAGES for toponym in passage["toponyms"]
    )
    assert len(countries) >= 100
    total = sum(countries.values())
    assert countries["USA"] / total < 0.2


def test_acting_places_and_mere_places_are_both_there() -> None:
    acts = Counter(
        toponym["acts"]
        for passage in PASSAGES
        for toponym in passage["toponyms"]
        if "acts" in toponym
    )
    assert acts[True] >= 30
    assert acts[False] >= 5

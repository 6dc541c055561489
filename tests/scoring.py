"""How near the pipeline comes to our gold: events of reports and places of passages.

An event found is matched with a gold event of the same report when their sentences overlap by
half of the shorter; pairs that agree in more fields are matched first, each event once.
Type, place, date and status are then judged on the matched pairs; a field that gold leaves
open counts as right. Place: within 161 km of gold or, where gold is an area, of its country;
gold without coordinates: the same country; a name that gold takes as well (`places_ok`) is right
too. Date: the intervals touch and ours is at most three times as long. `fully_right` asks for all
four.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geopy.distance import great_circle

from extract.records import Event, Precision, ResolvedToponym

NEAR_KM = 161.0
AREAS = {Precision.COUNTRY, Precision.REGION, Precision.PROVINCE, Precision.SEA}
FIELDS = ("type", "place", "date", "status")


@dataclass(frozen=True)
class Verdict:
    """Which fields of a found event agree with a gold event."""

    overlap: bool
    type: bool
    place: bool
    date: bool
    status: bool

    @property
    def right(self) -> int:
        return self.type + self.place + self.date + self.status


def judge(event: Event, gold: dict[str, Any]) -> Verdict:
    start, end = gold["evidence"]
    shared = min(end, event.sentence.end) - max(start, event.sentence.start)
    shorter = min(end - start, event.sentence.end - event.sentence.start)
    return Verdict(
        overlap=shared >= shorter / 2,
        type=event.event_type in gold["types"],
        place=_place_agrees(event, gold),
        date=_date_agrees(event, gold),
        status=event.status.value in gold["status"],
    )


def _place_agrees(event: Event, gold: dict[str, Any]) -> bool:
    if not gold.get("place"):
        return True
    if event.place is None:
        return False
    if event.place.name in gold.get("places_ok", ()):
        return True
    same_country = bool(set(event.place.countries) & set(gold["countries"]))
    if gold.get("latitude") is None:
        return same_country
    here, there = (
        (event.place.latitude, event.place.longitude),
        (gold["latitude"], gold["longitude"]),
    )
    near = great_circle(here, there).km <= NEAR_KM
    return bool(near or (gold.get("precision") in AREAS and same_country))


def _date_agrees(event: Event, gold: dict[str, Any]) -> bool:
    if not gold["start"]:
        return True
    start, end = event.start or event.end, event.end or event.start
    if start is None or end is None:
        return False
    first, last = (datetime.date.fromisoformat(gold[key]) for key in ("start", "end"))
    length, allowed = (end - start).days + 1, 3 * ((last - first).days + 1)
    return start <= last and first <= end and length <= max(allowed, 3)


def score_events(
    found: Iterable[tuple[Sequence[Event], Sequence[dict[str, Any]]]],
) -> dict[str, float]:
    """Return detection and fully-right F1, core recall, and each field's share of right ones."""
    events = golds = matched = core = core_matched = full = 0
    right = dict.fromkeys(FIELDS, 0)
    for ours, theirs in found:
        events, golds = events + len(ours), golds + len(theirs)
        core += sum(gold["core"] for gold in theirs)
        for event, gold in match(ours, theirs):
            verdict = judge(event, gold)
            matched += 1
            core_matched += gold["core"]
            full += verdict.right == len(FIELDS)
            for field in FIELDS:
                right[field] += getattr(verdict, field)
    return {
        "detection_f1": 2 * matched / (events + golds),
        "core_recall": core_matched / core,
        "fully_right_f1": 2 * full / (events + golds),
        **{field: right[field] / matched for field in FIELDS},
    }


def match(
    events: Sequence[Event], golds: Sequence[dict[str, Any]]
) -> list[tuple[Event, dict[str, Any]]]:
    """Pair the found with the gold events of one report, the best agreeing first."""
    candidates = []
    for number, event in enumerate(events):
        for index, gold in enumerate(golds):
            verdict = judge(event, gold)
            if verdict.overlap:
                candidates.append((-verdict.right, number, index))
    taken: set[int] = set()
    given: set[int] = set()
    pairs = []
    for _, number, index in sorted(candidates):
        if number not in taken and index not in given:
            taken.add(number)
            given.add(index)
            pairs.append((events[number], golds[index]))
    return pairs


def score_places(
    found: Iterable[tuple[Sequence[ResolvedToponym], Sequence[dict[str, Any]]]],
) -> dict[str, float]:
    """Return the F1 of exact toponym spans, and the share of gold toponyms found and placed."""
    ours = golds = hits = placed = 0
    for resolved, theirs in found:
        ours, golds = ours + len(resolved), golds + len(theirs)
        by_span = {(item.span.start, item.span.end): item for item in resolved}
        for gold in theirs:
            item = by_span.get((gold["start"], gold["end"]))
            if item is None:
                continue
            hits += 1
            if item.place is not None:
                here = (item.place.latitude, item.place.longitude)
                apart = great_circle(here, (gold["latitude"], gold["longitude"])).km
                country = (
                    item.place.precision is Precision.COUNTRY
                    and item.place.country == gold["country"]
                )
                placed += apart <= max(gold["within_km"], NEAR_KM) or country
    return {
        "toponym_f1": 2 * hits / (ours + golds),
        "placed": placed / hits,
        "found_and_placed": placed / golds,
    }

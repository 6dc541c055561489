"""Join readings that stand side by side: "early" + "March", "5 p.m." + "Wednesday", ranges."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.mentions.timex.readings import (
    ABOUT,
    CLOCK,
    DATE,
    DURATION,
    PART,
    PORTION,
    Context,
    Reading,
    with_modifier,
)
from extract.mentions.timex.values import days_of, granularity_of
from extract.records import Granularity

# Words that may stand between a time and its day, and the other way round.
TIME_TO_DAY = frozenset({"", ",", "on", "of", ", on", "the", "( ", "this"})
DAY_TO_TIME = frozenset(
    {"", ",", "at", "in the", "at about", "at around", "around", "about", "by", ", at", "the"}
)
OVER = frozenset({"MORE_THAN", "LESS_THAN", "EQUAL_OR_LESS"})
RANGE_LINKS = frozenset({"to", "-", "–", "—", "through", "until", "till", "and", "up to", "to the"})


def join_neighbours(context: Context) -> None:
    """Join the reading just made with those it completes; changes `context.readings`."""
    readings = context.readings
    while len(readings) > 1:
        before, last = readings[-2], readings[-1]
        gap = _gap(context, before, last)
        joined = _join(context, before, last, gap) if gap is not None else None
        if joined is None:
            return
        readings[-2:] = [joined]


def _gap(context: Context, before: Reading, last: Reading) -> str | None:
    if last.first - before.end > 3:
        return None
    return " ".join(context.tokens.lowers[before.end : last.first])


def _join(context: Context, before: Reading, last: Reading, gap: str) -> Reading | None:
    if before.kind == PORTION and gap in ("", "the", "-") and last.kind in (DATE, PART, CLOCK):
        phrase = " ".join(context.tokens.lowers[before.first : before.end])
        return replace(
            last, first=before.first, modifier=last.modifier or before.modifier, phrase=phrase,
        )  # fmt: skip
    if before.kind == ABOUT and gap == "" and last.kind in (DURATION, DATE, CLOCK):
        if context.tokens.lowers[last.first] == "the" and before.modifier in OVER:
            return None  # "over the past month" is no more than the month
        return replace(with_modifier(last, before.modifier), first=before.first)
    if last.is_day and before.kind in (CLOCK, PART) and gap in TIME_TO_DAY:
        if gap == "," and before.kind == PART:
            return None
        return _at_time(last, before)
    if before.is_day and last.kind in (CLOCK, PART) and gap in DAY_TO_TIME:
        return _at_time(before, last)
    return None


def _at_time(day: Reading, time: Reading) -> Reading:
    """Return the day with the time of the other reading; the span covers both."""
    clock = time.value[time.value.index("T") :]
    return replace(
        day,
        type="TIME",
        kind=CLOCK,
        value=day.value + clock,
        first=min(day.first, time.first),
        end=max(day.end, time.end),
        modifier=day.modifier or time.modifier,
        zone=time.zone,
        days=None,
        granularity=Granularity.TIME,
        rule=f"{day.rule}, {time.rule}",
    )


def join_ranges(context: Context) -> None:
    """Give the two ends of "from May 2015 to June 2016" one interval, and their own values."""
    readings = context.readings
    words = context.tokens.lowers
    for place in range(len(readings) - 1):
        first, last = readings[place], readings[place + 1]
        if first.kind != DATE or last.kind != DATE or last.first - first.end > 2:
            continue
        link = " ".join(words[first.end : last.first])
        if link not in RANGE_LINKS:
            continue
        lead = words[first.first - 1] if first.first else ""
        if link == "and" and lead != "between":
            continue
        if (
            link in ("to", "until", "till", "through", "up to", "to the")
            and lead != "from"
            and not (granularity_of(first.value) == granularity_of(last.value))
        ):
            continue
        opening, closing = context.days_of(first), context.days_of(last)
        if opening is None or closing is None or (first.days is not None and "/" in first.value):
            continue
        if opening[0] > closing[1]:
            moved = _before(context, first, closing[1].year)
            if moved is None:
                continue
            first = moved
            opening = days_of(first.value, southern=context.southern) or opening
        if opening[0] > closing[1]:
            continue
        days = (opening[0], closing[1])
        for spot, reading in ((place, first), (place + 1, last)):
            readings[spot] = replace(
                reading, days=days, granularity=Granularity.RANGE, rule=f"{reading.rule}, range"
            )


def _before(context: Context, first: Reading, year: int) -> Reading | None:
    """Return an opening whose year was guessed, moved to the year of the closing or before."""
    if "year" in first.rule or not re.match(r"\d{4}-\d\d", first.value):
        return None
    for candidate in (year, year - 1):
        value = f"{candidate:04d}{first.value[4:]}"
        if days_of(value):
            return replace(first, value=value)
    return None

"""Join readings that stand side by side: "early" + "March", "5 p.m." + "Wednesday", ranges."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.mentions.timexes.readings import (
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
from extract.mentions.timexes.values import add_days, days_of, granularity_of
from extract.records import Granularity

# Words that may stand between a time and its day, and the other way round.
TIME_TO_DAY = frozenset({"", ",", "on", "of", ", on", "the", "( ", "this"})
DAY_TO_TIME = frozenset(
    {"", ",", "at", "in the", "at about", "at around", "around", "about", "by", ", at", "the"}
)
AFTER_OVER = frozenset("the past last next coming this".split())
# "more than 30 years later"
LATER = (" later", " after", " from now", " hence", " on")
OVER = frozenset({"MORE_THAN", "LESS_THAN", "EQUAL_OR_LESS"})
YEAR_TOLD = re.compile(r"month and year|relative year|ISO|numeric")
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
        last = _as_deadline(context, before, last)
        return replace(
            last, first=before.first, modifier=last.modifier or before.modifier, phrase=phrase,
        )  # fmt: skip
    if before.kind == ABOUT and gap == "" and last.kind in (DURATION, DATE, CLOCK):
        bare = last.kind == DATE and not (last.digression or last.rule.endswith(LATER))
        if before.modifier in OVER and (bare or context.tokens.lowers[last.first] in AFTER_OVER):
            return None  # "over the past month" is no more than the month
        return replace(with_modifier(last, before.modifier), first=before.first)
    if before.kind == last.kind == CLOCK and gap in TIME_TO_DAY and _narrows(before, last):
        # "10:00 on the morning of 15 September"
        value = last.value.partition("T")[0] + before.value[before.value.index("T") :]
        return replace(last, value=value, first=before.first, zone=before.zone)
    if last.is_day and before.kind in (CLOCK, PART) and gap in TIME_TO_DAY:
        if gap == "," and before.kind == PART:
            return None
        return _at_time(last, before)
    if before.is_day and last.kind in (CLOCK, PART) and gap in DAY_TO_TIME:
        return _at_time(before, last)
    return None


def _narrows(clock: Reading, part: Reading) -> bool:
    """Say whether the first is a time on the clock and the second a part of a named day."""
    return clock.digression and not part.digression and part.value[-3:] in PARTS_OF_DAY


PARTS_OF_DAY = frozenset({"TMO", "TMI", "TAF", "TEV", "TNI"})


def _as_deadline(context: Context, portion: Reading, date: Reading) -> Reading:
    """Give "by the end of 2025" the days from the anchor on, while that end lies ahead."""
    lead = context.tokens.lowers[portion.first - 1] if portion.first else ""
    days = context.days_of(date)
    if lead != "by" or portion.modifier != "END" or days is None or context.day is None:
        return date
    if not context.day <= days[1]:
        return date
    return replace(date, days=(context.day, days[1]), rule=f"{date.rule}, deadline")


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


def give_days_to_clocks(context: Context) -> None:
    """Put "9:10 p.m. (1410 GMT) Saturday" on Saturday: a clock whose day comes after a bracket."""
    readings, words = context.readings, context.tokens.lowers
    for place, clock in enumerate(readings):
        if clock.kind != CLOCK or not clock.digression:
            continue
        end = clock.end
        for later in readings[place + 1 : place + 3]:
            if not all(word in BETWEEN_CLOCK_AND_DAY for word in words[end : later.first]):
                break
            if later.is_day:
                time = clock.value[clock.value.index("T") :]
                readings[place] = replace(clock, value=later.value + time, basis=later.basis)
                break
            if later.kind != CLOCK or not later.digression:
                break
            end = later.end


BETWEEN_CLOCK_AND_DAY = frozenset({"(", ")", ",", "on", "[", "]"})


def join_ranges(context: Context) -> None:
    """Give the two ends of "from May 2015 to June 2016" one interval, and their own values."""
    readings = context.readings
    for place in range(len(readings) - 1):
        first, last = readings[place], readings[place + 1]
        if not _makes_range(context, first, last):
            continue
        first, last = _share_year(first, last)
        opening, closing = context.days_of(first), context.days_of(last)
        if opening is None or closing is None or opening[0] > closing[1]:
            continue
        for spot, reading in ((place, first), (place + 1, last)):
            readings[spot] = replace(
                reading,
                days=(opening[0], closing[1]),
                granularity=Granularity.RANGE,
                rule=f"{reading.rule}, range",
            )


def _makes_range(context: Context, first: Reading, last: Reading) -> bool:
    """Say whether a link between two dates makes them the ends of one interval."""
    if first.kind != DATE or last.kind != DATE or last.first - first.end > 3:
        return False
    if "/" in first.value or first.rule.endswith("range"):
        return False
    words = context.tokens.lowers
    link = " ".join(word for word in words[first.end : last.first] if word not in "()")
    lead = words[first.first - 1] if first.first else ""
    if link == "and":
        return lead == "between"
    if link in ("-", "–", "—") or lead == "from":
        return link in RANGE_LINKS
    return link in RANGE_LINKS and granularity_of(first.value) == granularity_of(last.value)


def _share_year(first: Reading, last: Reading) -> tuple[Reading, Reading]:
    """Give an end whose year was guessed the year of the other, so that they follow each other."""
    told = [YEAR_TOLD.search(reading.rule) is not None for reading in (first, last)]
    if first.rule.startswith("weekday") and last.rule.startswith("weekday"):
        return _follow_weekdays(first, last)
    opening = days_of(first.value)
    if last.rule.startswith("weekday") and opening and "beside" not in last.rule:
        closing = days_of(last.value)
        if closing is None or closing[0] >= opening[0]:
            return first, last
        moved = add_days(opening[0], (closing[0] - opening[0]).days % 7)
        return first, replace(last, value=moved.isoformat()) if moved else last
    dated = [re.match(r"\d{4}-\d\d(-\d\d)?$", reading.value) for reading in (first, last)]
    if not all(dated) or told == [True, True]:
        return first, last
    if told[0]:
        year = int(first.value[:4])
        year += last.value[4:] < first.value[4 : len(last.value)]
        return first, _in_year(last, year)
    year = int(last.value[:4])
    year -= first.value[4:7] > last.value[4:7]
    return _in_year(first, year), last


def _follow_weekdays(first: Reading, last: Reading) -> tuple[Reading, Reading]:
    """From Monday to Friday: put the two into one week, on the side that the tense says."""
    opening, closing = days_of(first.value), days_of(last.value)
    if opening is None or closing is None or opening[0] <= closing[0]:
        return first, last
    if "future" in last.rule:
        moved = add_days(closing[0], 7)
        return first, replace(last, value=moved.isoformat()) if moved else last
    moved = add_days(opening[0], -7)
    return replace(first, value=moved.isoformat()) if moved else first, last


def _in_year(reading: Reading, year: int) -> Reading:
    value = f"{year:04d}{reading.value[4:]}"
    return replace(reading, value=value) if days_of(value) else reading

"""Put a date that lacks its year, or is told from another date, where the text means it.

The tense of the clause says on which side of the anchor it lies; a text that tells a story of
another time, or a sentence that goes on from a full date, gives the year instead.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from extract.mentions.timexes.grammar import Match
from extract.mentions.timexes.readings import Context, Reading, read_number, read_ordinal
from extract.mentions.timexes.tense import Tense
from extract.mentions.timexes.values import (
    SEASON_ORDER,
    Days,
    add_days,
    add_months,
    days_in_month,
    days_of,
    make_day,
    season_of,
)
from extract.records import Granularity

# A date on the wrong side of the anchor for its tense must be this many times nearer than one
# on the right side. On TimeBank 4 to 12 give the same value F1 (0.827), 2 and 20 less (0.823).
TENSE_WEIGHT = 6
# A quarter is still reported on, in whatever tense, this many days after its end.
REPORTING_DAYS = 100
# A bare month goes on from a full date at most this many words before it; 60 costs TimeBank
# value F1 (0.826 against 0.827), 25 no more than 0.
CONTINUATION_REACH = 25

# "that year" is one named so many words before at most, where one is.
NAMED_REACH = 60
# The beginning and the end of a story are told within this many words, one sentence.
FRAME_REACH = 25
FULL_DATE = re.compile(r"^(?:day, month and year|month and year)")

OFFSETS = {
    "last": -1, "past": -1, "previous": -1, "preceding": -1, "prior": -1, "next": 1, "coming": 1,
    "following": 1, "upcoming": 1, "ensuing": 1, "this": 0, "current": 0, "same": 0, "that": 0,
    "latest": 0,
}  # fmt: skip
# These reckon from what was told before, not from the day of the words.
ANAPHORIC = frozenset("that same previous following preceding prior ensuing".split())
# What a unit may be reckoned from: told dates that are no coarser than itself.
NO_COARSER = {
    "D": (Granularity.DAY,),
    "W": (Granularity.WEEK, Granularity.DAY),
    "WE": (Granularity.DAY, Granularity.WEEK),
    "M": (Granularity.MONTH, Granularity.DAY, Granularity.WEEK),
    "Q": (Granularity.QUARTER, Granularity.MONTH),
    "HF": (Granularity.QUARTER, Granularity.MONTH),
    "Y": (
        Granularity.YEAR, Granularity.MONTH, Granularity.DAY, Granularity.QUARTER,
        Granularity.SEASON,
    ),
    "DE": (Granularity.DECADE, Granularity.YEAR, Granularity.MONTH, Granularity.DAY),
    "CE": (Granularity.CENTURY, Granularity.DECADE, Granularity.YEAR),
}  # fmt: skip
MONTHS_IN = {"M": 1, "Q": 3, "HF": 6, "Y": 12, "DE": 120, "CE": 1200}
DAYS_IN = {"D": 1, "W": 7, "F": 14}


def told_before(
    unit: str, context: Context, *, forward: bool = False, named: bool = False
) -> tuple[datetime.date | None, str]:
    """Return the first day of the last date told that is no coarser than the unit, and a basis.

    Where the story goes `forward` from a range of days ("the day after 5 to 7 May"), its last.
    With `named` a date not reckoned from the anchor goes before later ones that are.
    """
    ranges = (Granularity.RANGE,) if unit in ("D", "W") else ()
    units = (*NO_COARSER.get(unit, (Granularity.DAY,)), *ranges)
    told = context.latest(*units, within=NAMED_REACH, named=True) if named else None
    told = told or context.latest(*units)
    days = context.days_of(told) if told else None
    if told is None or days is None:
        return None, ""
    return days[forward and "/" in told.value], basis_of(told)


def basis_of(told: Reading) -> str:
    """Say in words that a date was reckoned from one told before."""
    return f"{told.value} before it"


def step(day: datetime.date, unit: str, amount: int) -> datetime.date | None:
    """Return the day so many units later, or earlier for a negative amount; None out of range."""
    if abs(amount) > 100_000:
        return None
    if unit in DAYS_IN:
        return add_days(day, amount * DAYS_IN[unit])
    return add_months(day, amount * MONTHS_IN[unit]) if unit in MONTHS_IN else None


def distance(days: Days, anchor: datetime.date, tense: Tense | None, *, grace: int = 0) -> int:
    """Return how many days an interval lies off the anchor, weighed by the tense."""
    if days[0] <= anchor <= days[1]:
        return 0
    if days[1] < anchor:
        gap = (anchor - days[1]).days
        return gap * (TENSE_WEIGHT if tense is Tense.FUTURE and gap > grace else 1)
    return (days[0] - anchor).days * (TENSE_WEIGHT if tense is Tense.PAST else 1)


def nearest(
    candidates: Iterable[Days], anchor: datetime.date, tense: Tense | None, *, grace: int = 0
) -> Days | None:
    """Return the candidate that the tense and the anchor favour, None where there is none."""
    return min(
        candidates, key=lambda days: distance(days, anchor, tense, grace=grace), default=None
    )


def place_in_year(
    match: Match, context: Context, month: int, day: int | None, weekday: int | None = None
) -> tuple[int | None, str, str]:
    """Choose the year of a month or of a day in it; returns the year, the rule, the basis.

    The year is None where nothing tells it. A weekday given with the date must fit.
    """
    tense = context.tense_of(match)
    anchor = context.day
    if anchor is None or context.history:
        year, basis = _year_told(context, month)
        told = make_day(year, month, day) if year and day and weekday and anchor else None
        if year is not None and (told is None or told.isoweekday() == weekday):
            return year, "the year told before", basis
    if anchor is None:
        return None, "no year", ""
    if weekday is None and tense is Tense.PAST:
        year, basis = _year_continued(context, month, day)
        if year is not None:
            return year, "going on from a full date", basis
    candidates = []
    for year in range(anchor.year - 1, anchor.year + 2):
        start = make_day(year, month, day or 1)
        if start and (weekday is None or start.isoweekday() == weekday):
            end = start if day else start.replace(day=days_in_month(year, month))
            candidates.append((start, end))
    best = nearest(_on_its_side(candidates, anchor, tense, match.before()), anchor, tense)
    if best is None:
        if weekday is not None:  # a wrong weekday does not unmake a date
            return place_in_year(match, context, month, day)
        # 29 February: the nearest leap year.
        leap = [
            (found, found)
            for year in range(anchor.year - 8, anchor.year + 9)
            if (found := make_day(year, month, day or 1))
        ]
        best = nearest(leap, anchor, tense)
    if best is None:
        return None, "no such day", ""
    side = {Tense.PAST: "past tense", Tense.FUTURE: "future tense", None: "nearest"}[tense]
    return best[0].year, side, context.anchor.basis


def _on_its_side(
    candidates: list[Days], anchor: datetime.date, tense: Tense | None, lead: str
) -> list[Days]:
    """Leave out what a lead rules out: a deadline ("by") lies ahead, what "ended" behind."""
    if lead == "by" and tense is Tense.FUTURE:
        return [days for days in candidates if days[1] >= anchor] or candidates
    if lead == "ended":
        return [days for days in candidates if days[0] <= anchor] or candidates
    return candidates


def _year_told(context: Context, month: int) -> tuple[int | None, str]:
    """Return the year of the last date told; a January after a December is in the next year."""
    told = context.latest(
        Granularity.DAY, Granularity.MONTH, Granularity.YEAR, Granularity.SEASON,
        Granularity.QUARTER, within=context.reach,
    )  # fmt: skip
    days = context.days_of(told) if told else None
    if told is None or days is None:
        return None, ""
    framed = _year_in_frame(context, told, days, month)
    if framed is not None:
        return framed, basis_of(told)
    turned = days[0].month >= 11 and month <= 2 and (days[1] - days[0]).days < 40
    return days[0].year + turned, basis_of(told)


def _year_in_frame(context: Context, told: Reading, days: Days, month: int) -> int | None:
    """Return the year in which a month lies between two full dates that frame a story.

    "The war began in November 1939 and ended in March 1940. In December": of 1939. None where
    the last two dates frame nothing, or not the month.
    """
    dates = [reading for reading in context.readings[-60:] if reading.type in ("DATE", "TIME")]
    place = next((number for number, reading in enumerate(dates) if reading is told), 0)
    before = dates[place - 1] if place else None
    opening = context.days_of(before) if before else None
    if (
        before is None
        or opening is None
        or not all(FULL_DATE.search(reading.rule) for reading in (before, told))
        or told.first - before.end > FRAME_REACH
        or not 0 < (days[0] - opening[0]).days < 730
    ):
        return None
    for year in range(opening[0].year, days[1].year + 1):
        start = make_day(year, month, 1)
        if start and opening[0].replace(day=1) <= start <= days[1]:
            return year
    return None


def _year_continued(context: Context, month: int, day: int | None) -> tuple[int | None, str]:
    """Return the year of a full date of long ago shortly before, where the month goes on from it.

    "The war began in February 2022. In April, troops withdrew": of 2022, whenever published.
    """
    told = context.latest(
        Granularity.DAY, Granularity.MONTH, Granularity.YEAR, within=CONTINUATION_REACH
    )
    if told and told.rule == "year" and not _opens_sentence(context, told):
        told = context.latest(Granularity.DAY, Granularity.MONTH, within=CONTINUATION_REACH)
    days = context.days_of(told) if told else None
    if told is None or days is None or context.day is None:
        return None, ""
    long_ago = (context.day - days[1]).days > 366
    goes_on = (month, day or 31) >= (days[0].month, days[0].day)
    return (days[0].year, basis_of(told)) if long_ago and goes_on else (None, "")


def _opens_sentence(context: Context, told: Reading) -> bool:
    """Say whether a year sets the scene of what follows: "In 2004 the fighting grew"."""
    words, first = context.tokens.lowers, told.first
    if first == 0 or words[first - 1] not in ("in", "during"):
        return False
    return first == 1 or words[first - 2] in SCENE_BREAKS or words[first - 2][0] == "\n"


SCENE_BREAKS = frozenset({".", "!", "?", ";", "but", "and", "then"})


def place_part(match: Match, context: Context, months: int, number: int) -> tuple[int | None, str]:
    """Return the year of the quarter (3 months) or half (6) that is meant, and its basis."""
    if context.history or context.day is None:
        told = context.latest(Granularity.YEAR, Granularity.QUARTER, Granularity.MONTH)
        days = context.days_of(told) if told else None
        if told and days:
            return days[0].year, basis_of(told)
        if context.day is None:
            return None, ""
    letter = "Q" if months == 3 else "H"
    candidates = [
        days
        for year in range(context.day.year - 1, context.day.year + 2)
        if (days := days_of(f"{year:04d}-{letter}{number}"))
    ]
    best = nearest(candidates, context.day, context.tense_of(match), grace=REPORTING_DAYS)
    return (best[0].year if best else None), context.anchor.basis


def place_season(match: Match, context: Context, season: str) -> tuple[str, str]:
    """Return the value and basis of a season whose year is not told."""
    if context.history or context.day is None:
        told = context.latest(
            Granularity.YEAR, Granularity.MONTH, Granularity.DAY, Granularity.SEASON
        )
        days = context.days_of(told) if told else None
        if told and days:
            return f"{days[0].year:04d}-{season}", basis_of(told)
        if context.day is None:
            return f"XXXX-{season}", ""
    years = range(max(1, context.day.year - 1), context.day.year + 2)
    values = {
        days: value
        for value in (f"{year:04d}-{season}" for year in years)
        if (days := days_of(value, southern=context.southern))
    }
    best = nearest(values, context.day, context.tense_of(match))
    return (values[best] if best else f"XXXX-{season}"), context.anchor.basis


def shift_season(day: datetime.date, season: str, offset: int, *, southern: bool) -> str:
    """Return the last season of that name wholly past (-1), or the next to begin (1)."""
    year, current = season_of(day, southern=southern)
    order = ("FA", "WI", "SP", "SU") if southern else SEASON_ORDER
    if offset < 0:
        year -= order.index(season) >= order.index(current)
    elif offset > 0:
        year += order.index(season) <= order.index(current)
    return f"{year:04d}-{season}" if 1 <= year <= 9999 else f"XXXX-{season}"


def year_of(words: list[str], context: Context) -> int | None:
    """Return the year that digits, an apostrophe year or spelled words name, None if none."""
    text = "".join(words)
    digits = text.lstrip("'’‘`")
    if digits.isdecimal() and digits.isascii():
        if len(digits) == 4 or (len(digits) == 3 and digits == text):
            return int(digits)
        return full_year(int(digits), context) if len(digits) == 2 else None
    return spelled_year(words)


def full_year(short: int, context: Context) -> int:
    """Return the year of two digits that lies from 80 years before the anchor to 19 after."""
    pivot = context.day.year if context.day else 2000
    year = pivot // 100 * 100 + short
    if year > pivot + 19:
        year -= 100
    elif year <= pivot - 81:
        year += 100
    return max(1, min(year, 9999))


def spelled_year(words: list[str]) -> int | None:
    """Return the year of "nineteen ninety-six" or "two thousand and ten", None if it is none."""
    plain = [word for word in words if word not in ("-", "and", "‐", "‑")]
    if plain[:2] == ["two", "thousand"]:
        rest = read_number(plain[2:]) if plain[2:] else 0
        return None if rest is None or rest > 99 else 2000 + int(rest)
    head = read_number(plain[:1])
    if head is None or not 10 <= head <= 20:
        return None
    tail = [word for word in plain[1:] if word not in ("hundred", "oh")]
    rest = read_number(tail) if tail else 0
    if rest is None or rest > 99 or ("hundred" not in plain and not tail):
        return None
    return int(head) * 100 + int(rest)


def relative_year(words: list[str], context: Context) -> tuple[int | None, str]:
    """Return the year of "last year", "the following year", "that year", and its basis."""
    word = next((word for word in words if word in OFFSETS), "this")
    if word in ANAPHORIC:
        told, basis = told_before("Y", context, named=word in ("that", "same"))
        if told:
            return told.year + OFFSETS[word], basis
    if context.day is None:
        return None, ""
    return context.day.year + OFFSETS[word], context.anchor.basis


def year_named(match: Match, context: Context) -> tuple[int | None, str, bool]:
    """Return the year a quarter, half or season is put in, its basis, and whether it is told."""
    if "year" in match:
        return year_of(match.words("year"), context), "", True
    if "which" in match:
        year, basis = relative_year(match.words("which"), context)
        return year, basis, True
    return None, "", False


def write_year(year: int | None) -> str:
    """Return a year in four digits, XXXX for none and past the years 1 to 9999."""
    return f"{year:04d}" if year is not None and 1 <= year <= 9999 else "XXXX"


def month_of(match: Match, context: Context) -> int:
    """Return the number of the month a match names."""
    return context.number_of("MONTH", match.words("month")[0])


def day_of(match: Match, group: str = "day") -> int:
    """Return the number of the day of a month a match names, 0 where it is none."""
    number = read_ordinal(match.words(group))
    return number if number is not None and 1 <= number <= 31 else 0

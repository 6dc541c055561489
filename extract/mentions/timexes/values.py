"""TIMEX3 values: building them from days and units, and reading them as inclusive days.

A calendar value is one of 2024-06-12 (day), 2024-W24 (week), 2024-W24-WE (weekend), 2024-06,
2024-Q2, 2024-H1, 2024-SU (season), 2024, 202 (decade), 20 (century, the years 2000-2099), or
a day followed by T and a time or part of day. XXXX, XX stand for what is not known. Ranges
are written as in ISO 8601, 2024-06-12/2024-06-14.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from functools import lru_cache

from extract.records import Granularity

Days = tuple[datetime.date, datetime.date]
ONE_DAY = datetime.timedelta(days=1)

CALENDAR_VALUE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<time>T.+)?)?"
    r"|-W(?P<week>\d\d)(?P<weekend>-WE)?|-Q(?P<quarter>[1-4])|-H(?P<half>[12])"
    r"|-(?P<season>SP|SU|FA|WI))?|(?P<decade>\d{3})|(?P<century>\d\d)"
)
# The first month of a season in the north; the south is half a year off.
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
SEASON_ORDER = ("SP", "SU", "FA", "WI")

UNKNOWN_VALUES = {
    "D": "XXXX-XX-XX", "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "F": "XXXX-WXX", "M": "XXXX-XX",
    "Q": "XXXX-QX", "HF": "XXXX-HX", "Y": "XXXX", "DE": "XXX", "CE": "XX",
}  # fmt: skip
GRANULARITIES = {
    "D": Granularity.DAY, "W": Granularity.WEEK, "WE": Granularity.RANGE, "F": Granularity.RANGE,
    "M": Granularity.MONTH, "Q": Granularity.QUARTER, "HF": Granularity.RANGE,
    "Y": Granularity.YEAR, "DE": Granularity.DECADE, "CE": Granularity.CENTURY,
    "S": Granularity.TIME, "TM": Granularity.TIME, "H": Granularity.TIME,
}  # fmt: skip


def make_day(year: int, month: int, day: int) -> datetime.date | None:
    """Return the day, or None where the calendar has none such."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def add_days(day: datetime.date, days: int) -> datetime.date | None:
    """Return the day so many days later, or None past the years 1 to 9999."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: datetime.date, months: int) -> datetime.date | None:
    """Return the same day so many months later, the month's last where it is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if not 1 <= year <= 9999:
        return None
    return datetime.date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return how many days the month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def week_value(day: datetime.date) -> str:
    """Return the ISO week of a day, as 2024-W24."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def season_of(day: datetime.date, *, southern: bool = False) -> tuple[int, str]:
    """Return the season that a day lies in and the year it began in."""
    month = (day.month + 5) % 12 + 1 if southern else day.month
    season = SEASON_ORDER[(month - 3) % 12 // 3]
    began_last_year = (day.month < 3 and not southern and season == "WI") or (
        southern and season == "SU" and day.month < 3
    )
    return day.year - began_last_year, season


def value_at(unit: str, day: datetime.date | None, offset: int = 0) -> str:
    """Return the calendar value of the unit that lies `offset` units from the one around `day`.

    `unit` is a key of UNKNOWN_VALUES; the value with X where the day is not known or the
    result is past the years 1 to 9999.

    >>> value_at("W", datetime.date(2024, 6, 12), -1)
    '2024-W23'
    """
    unknown = UNKNOWN_VALUES[unit]
    if day is None or abs(offset) > 4_000_000:
        return unknown
    if unit in ("D", "W", "WE", "F"):
        moved = add_days(day, offset * {"D": 1, "W": 7, "WE": 7, "F": 14}[unit])
        if moved is None:
            return unknown
        if unit == "D":
            return moved.isoformat()
        return week_value(moved) + ("-WE" if unit == "WE" else "")
    if unit in ("M", "Q", "HF"):
        moved = add_months(day.replace(day=1), offset * {"M": 1, "Q": 3, "HF": 6}[unit])
        if moved is None:
            return unknown
        if unit == "M":
            return f"{moved.year:04d}-{moved.month:02d}"
        if unit == "Q":
            return f"{moved.year:04d}-Q{(moved.month + 2) // 3}"
        return f"{moved.year:04d}-H{1 if moved.month <= 6 else 2}"
    year = day.year + offset * {"Y": 1, "DE": 10, "CE": 100}[unit]
    if not 1 <= year <= 9999:
        return unknown
    return {"Y": f"{year:04d}", "DE": f"{year // 10:03d}", "CE": f"{year // 100:02d}"}[unit]


CLOCK_UNITS = frozenset({"S", "TM", "H"})
LETTERS = {"TM": "M", "ME": "L", "F": "W", "HF": "M"}
# What a fraction of a unit is told in, where that comes out even.
PARTS_OF = {"Y": (12, "M"), "H": (60, "M"), "TM": (60, "S")}


def duration_value(amount: Fraction | None, unit: str) -> str:
    """Return the TIMEX3 value of an amount of a unit; X for an amount that is not told.

    >>> duration_value(Fraction(3, 2), "Y")
    'P1Y6M'
    """
    prefix, letter = ("PT" if unit in CLOCK_UNITS else "P"), LETTERS.get(unit, unit)
    if amount is None:
        return f"{prefix}X{letter}"
    if unit in ("F", "HF"):
        amount *= 2 if unit == "F" else 6
    if unit in ("DE", "CE") and amount.denominator != 1:
        amount, letter = amount * (10 if unit == "DE" else 100), "Y"
    whole, rest = int(amount), amount - int(amount)
    if not rest:
        return f"{prefix}{whole}{letter}"
    if unit in PARTS_OF and (part := rest * PARTS_OF[unit][0]).denominator == 1:
        head = f"{whole}{letter}" if whole else ""
        return f"{prefix}{head}{int(part)}{PARTS_OF[unit][1]}"
    return f"{prefix}{float(amount):.3f}".rstrip("0").rstrip(".") + letter


@lru_cache(maxsize=8192)
def days_of(value: str, *, southern: bool = False) -> Days | None:
    """Return the first and last day of a calendar value, or None where it names none.

    Parts of a day and times give their day; "T24:00" still counts to the day it closes.
    """
    match = CALENDAR_VALUE.fullmatch(value)
    if not match:
        if "/" in value:
            first, _, last = value.partition("/")
            opening, closing = days_of(first, southern=southern), days_of(last, southern=southern)
            if opening and closing and opening[0] <= closing[1]:
                return opening[0], closing[1]
        return None
    if match["decade"]:
        return _years(int(match["decade"]) * 10, 10)
    if match["century"]:
        return _years(int(match["century"]) * 100, 100)
    year = int(match["year"])
    if match["day"]:
        day = make_day(year, int(match["month"]), int(match["day"]))
        return (day, day) if day else None
    if match["week"]:
        return _week(year, int(match["week"]), bool(match["weekend"]))
    if match["month"]:
        return _months(year, int(match["month"]), 1)
    if match["quarter"]:
        return _months(year, int(match["quarter"]) * 3 - 2, 3)
    if match["half"]:
        return _months(year, int(match["half"]) * 6 - 5, 6)
    if match["season"]:
        return _season(year, match["season"], southern)
    return _years(year, 1)


@lru_cache(maxsize=8192)
def granularity_of(value: str) -> Granularity | None:
    """Return the unit that a calendar value names, None for durations, sets and references."""
    if "/" in value:
        return Granularity.RANGE
    head = value.partition("T")[0]
    if head != value and re.fullmatch(r"[\dX]{4}-[\dX]{2}-[\dX]{2}|[\dX]{4}-W[\dX]{2}-\d", head):
        return Granularity.TIME
    patterns = (
        (r"[\dX]{4}-[\dX]{2}-[\dX]{2}|XXXX-WXX-\d", Granularity.DAY),
        (r"[\dX]{4}-W[\dX]{2}", Granularity.WEEK),
        (r"[\dX]{4}-W[\dX]{2}-WE|[\dX]{4}-H[\dX]", Granularity.RANGE),
        (r"[\dX]{4}-[\dX]{2}", Granularity.MONTH),
        (r"[\dX]{4}-Q[\dX]", Granularity.QUARTER),
        (r"[\dX]{4}-(?:SP|SU|FA|WI)", Granularity.SEASON),
        (r"[\dX]{4}|BC\d{4}", Granularity.YEAR),
        (r"[\dX]{3}|BC\d{3}", Granularity.DECADE),
        (r"[\dX]{2}|BC\d{2}", Granularity.CENTURY),
    )
    for pattern, granularity in patterns:
        if re.fullmatch(pattern, head):
            return granularity
    return None


def _years(first: int, count: int) -> Days | None:
    last = first + count - 1
    if last < 1 or first > 9999:
        return None
    return datetime.date(max(first, 1), 1, 1), datetime.date(min(last, 9999), 12, 31)


def _months(year: int, first: int, count: int) -> Days | None:
    start = make_day(year, first, 1)
    last = first + count - 1
    year, last = year + (last - 1) // 12, (last - 1) % 12 + 1
    if start is None or year > 9999:
        return None
    return start, datetime.date(year, last, days_in_month(year, last))


def _season(year: int, season: str, southern: bool) -> Days | None:
    first = SEASON_MONTHS[season]
    if southern:
        first = (first + 5) % 12 + 1
    return _months(year, first, 3) if year else None


def _week(year: int, week: int, weekend: bool) -> Days | None:
    try:
        monday = datetime.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    sunday = add_days(monday, 6)
    if sunday is None:
        return None
    saturday = add_days(monday, 5)
    return (saturday, sunday) if weekend and saturday else (monday, sunday)


# Words for the very beginning or end of a year, against its early or late part.
EDGES = ("end", "beginning", "start", "close", "turn", "days", "weeks")


def portion_of(days: Days, granularity: Granularity | None, modifier: str, phrase: str) -> Days:
    """Narrow an interval to its early, middle or late part, or to its very beginning or end.

    Months: early is the 1st-10th, mid the 10th-20th, late from the 20th. Years, decades and
    longer: thirds. "the end of" and "the beginning of" a year are its last and first month.
    """
    start, end = days
    length = (end - start).days + 1
    edge = any(word in phrase for word in EDGES)
    if granularity is Granularity.MONTH:
        parts = {"START": (1, 10), "MID": (10, 20), "END": (20, end.day)}
        first, last = parts[modifier]
        return start.replace(day=first), start.replace(day=last)
    if granularity is Granularity.YEAR and edge and modifier != "MID":
        return (start, start.replace(day=31)) if modifier == "START" else (end.replace(day=1), end)
    if granularity in (Granularity.YEAR, Granularity.DECADE, Granularity.CENTURY):
        return _third_of_years(days, granularity, modifier)
    if length < 3:
        return days
    third = length // 3
    first, last = {"START": (0, third - 1), "MID": (third, length - third - 1)}.get(
        modifier, (length - third, length - 1)
    )
    return start + first * ONE_DAY, start + last * ONE_DAY


def _third_of_years(days: Days, granularity: Granularity, modifier: str) -> Days:
    start, end = days
    if granularity is Granularity.YEAR:
        first, last = {"START": (1, 4), "MID": (5, 8), "END": (9, 12)}[modifier]
        return (
            start.replace(month=first),
            end.replace(month=last, day=days_in_month(end.year, last)),
        )
    years = end.year - start.year + 1
    if granularity is Granularity.DECADE and years == 10:
        first, last = {"START": (0, 3), "MID": (4, 6), "END": (7, 9)}[modifier]
    else:
        third = years // 3
        first, last = {"START": (0, third - 1), "MID": (third, years - third - 1)}.get(
            modifier, (years - third, years - 1)
        )
    return start.replace(year=start.year + first), end.replace(year=start.year + last)


def edtf_of(
    value: str,
    days: Days | None,
    modifier: str | None,
    *,
    southern: bool = False,
    zone: str = "",
) -> str | None:
    """Return the interval as ISO 8601-2 (EDTF) text, None where there is nothing to say.

    Seasons are 21-24 in the north and, as level 2 has them, 29-32 in the south; quarters
    33-36, halves 40-41. What was said roughly ends in "~".
    """
    narrowed = modifier in ("START", "MID", "END")
    exact = days_of(value, southern=southern)
    if days and (narrowed or exact is None or exact != days):
        start, end = days
        return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"
    text: str | None = None
    match = CALENDAR_VALUE.fullmatch(value)
    if match is None:
        if days:
            text = f"{days[0].isoformat()}/{days[1].isoformat()}"
        elif re.fullmatch(r"XXXX-(?:\d\d|XX)(?:-\d\d)?", value):
            text = value
        return text
    if match["decade"] or match["century"]:
        text = (match["decade"] or match["century"]).ljust(4, "X")
    elif match["season"]:
        code = 21 + SEASON_ORDER.index(match["season"]) + (8 if southern else 0)
        text = f"{match['year']}-{code}"
    elif match["quarter"]:
        text = f"{match['year']}-{32 + int(match['quarter'])}"
    elif match["half"]:
        text = f"{match['year']}-{39 + int(match['half'])}"
    elif match["week"]:
        text = f"{days[0].isoformat()}/{days[1].isoformat()}" if days else None
    elif match["time"]:
        text = _edtf_time(value, zone)
    else:
        text = value
    return f"{text}~" if text and modifier == "APPROX" and "T" not in text else text


def _edtf_time(value: str, zone: str) -> str:
    day, _, time = value.partition("T")
    clock = re.fullmatch(r"(\d\d):(\d\d)(:\d\d)?", time)
    if not clock or clock[1] == "24":
        return day
    return f"{day}T{clock[1]}:{clock[2]}{clock[3] or ':00'}{zone}"

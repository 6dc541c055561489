"""Days that have names: the year's holidays, and the calendars that some of them live in.

Easter is dateutil's; the Islamic calendar is that of Umm al-Qura (hijridate) where it is
known, 1343-1500 AH, and the arithmetic one elsewhere; the Persian calendar is the 33-year
cycle, which agrees with the observed one for 1178-1633 AP; the Hebrew one is the fixed
arithmetic one. Local sightings of the moon may differ by a day.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from hijridate import Hijri

from extract.mentions.timexes.tokens import read_lexicon
from extract.mentions.timexes.values import ONE_DAY, Days, add_days, days_in_month, make_day

UMM_AL_QURA = range(1343, 1501)
# Day numbers (1 = 1 January of the year 1) of the calendars' own first days.
ISLAMIC_EPOCH = 227_015
PERSIAN_EPOCH = 226_895
HEBREW_EPOCH = -1_373_427


def islamic_day(year: int, month: int, day: int) -> datetime.date | None:
    """Return the Gregorian day of a day of the Islamic calendar, None if there is none."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1 <= year <= 9660):
        return None
    if year in UMM_AL_QURA:
        try:
            found = Hijri(year, month, day).to_gregorian()
        except (ValueError, OverflowError):
            return None
        return datetime.date(found.year, found.month, found.day)
    number = (
        day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
        + ISLAMIC_EPOCH - 1
    )  # fmt: skip
    return _day_numbered(number)


def persian_day(year: int, month: int, day: int) -> datetime.date | None:
    """Return the Gregorian day of a day of the Persian solar calendar, None if there is none."""
    if not (1 <= month <= 12 and 1 <= year <= 9377):
        return None
    leap = (25 * year + 11) % 33 < 8
    length = 31 if month <= 6 else 30 if month <= 11 or leap else 29
    if not 1 <= day <= length:
        return None
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    number = PERSIAN_EPOCH - 1 + 365 * (year - 1) + (8 * year + 21) // 33 + before + day
    return _day_numbered(number)


def hebrew_day(year: int, month: int, day: int) -> datetime.date | None:
    """Return the Gregorian day of a Hebrew date; months count from Nisan, Adar (II) is the last."""
    if not 1 <= year <= 13_759:
        return None
    new_year = _hebrew_new_year(year)
    length = _hebrew_new_year(year + 1) - new_year
    leap = (7 * year + 1) % 19 < 7
    # From Tishri: lengths of the months of this year in their order.
    lengths = [30, 30 if length % 10 == 5 else 29, 29 if length % 10 == 3 else 30, 29, 30]
    lengths += [30, 29] if leap else [29]
    if month >= 12:  # Purim falls in the last Adar
        number = new_year + sum(lengths[:-1]) + day - 1
    elif month >= 7:
        number = new_year + sum(lengths[: month - 7]) + day - 1
    else:
        spring = [30, 29, 30, 29, 30, 29]
        number = new_year + sum(lengths) + sum(spring[: month - 1]) + day - 1
    return _day_numbered(number)


def _hebrew_new_year(year: int) -> int:
    """Return the day number of 1 Tishri, by the molad and the four postponements."""
    months = (235 * year - 234) // 19
    parts = 12_084 + 13_753 * months
    days = 29 * months + parts // 25_920
    if (3 * (days + 1)) % 7 < 3:
        days += 1
    return HEBREW_EPOCH + days + _hebrew_delay(year)


def _hebrew_elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    days = 29 * months + (12_084 + 13_753 * months) // 25_920
    return days + 1 if (3 * (days + 1)) % 7 < 3 else days


def _hebrew_delay(year: int) -> int:
    last, this, following = (_hebrew_elapsed(year + shift) for shift in (-1, 0, 1))
    if following - this == 356:
        return 2
    return 1 if this - last == 382 else 0


def _day_numbered(number: int) -> datetime.date | None:
    return datetime.date.fromordinal(number) if 1 <= number <= 3_652_059 else None


@lru_cache(maxsize=4096)
def holiday_in(name: str, year: int) -> tuple[Days, ...]:
    """Return when a holiday of the lexicon begins in a Gregorian year: mostly once.

    Islamic ones may come twice in a year, those that cannot be reckoned in it never.
    """
    kind, *rest = read_lexicon().holidays[name].split()
    if not 1 <= year <= 9999:
        return ()
    if kind == "fixed":
        month, day = map(int, rest[0].split("-"))
        return _within(year, make_day(year, month, day), 1)
    if kind == "nth":
        return _within(year, _nth_weekday(year, *map(int, rest)), 1)
    numbers = [int(part) for part in rest] if kind != "table" else []
    if kind in ("easter", "orthodox"):
        if not 1583 <= year <= 4099:
            return ()
        sunday = easter(year, EASTER_WESTERN if kind == "easter" else EASTER_ORTHODOX)
        return _within(year, add_days(sunday, numbers[0]), numbers[1] if len(numbers) > 1 else 1)
    if kind == "lunar":
        start = _from_table("lunar", year)
        return _within(year, add_days(start, numbers[0]) if start else None, 1)
    if kind == "table":
        return _listed(" ".join(rest), year)
    month, day, length = (*numbers, 1)[:3]
    own_years = {
        "islamic": range((year - 622) * 33 // 32 - 1, (year - 622) * 33 // 32 + 3),
        "persian": range(year - 622, year - 620),
        "hebrew": range(year + 3760, year + 3762),
    }[kind]
    make = {"islamic": islamic_day, "persian": persian_day, "hebrew": hebrew_day}[kind]
    found: list[Days] = []
    for own_year in own_years:
        start, lasts = make(own_year, month, day), length
        if kind == "islamic" and length == 30:  # a whole month, of 29 or 30 days
            following = islamic_day(own_year, month + 1, 1)
            lasts = (following - start).days if following and start else 30
        found += _within(year, start, lasts)
    return tuple(found)


def _within(year: int, start: datetime.date | None, length: int) -> tuple[Days, ...]:
    if start is None or start.year != year:
        return ()
    end = add_days(start, length - 1)
    return ((start, end),) if end else ()


def _nth_weekday(year: int, month: int, weekday: int, count: int) -> datetime.date | None:
    if count < 0:
        last = datetime.date(year, month, days_in_month(year, month))
        return last - ((last.isoweekday() - weekday) % 7) * ONE_DAY
    first = datetime.date(year, month, 1)
    return first + ((weekday - first.isoweekday()) % 7 + 7 * (count - 1)) * ONE_DAY


def _from_table(name: str, year: int) -> datetime.date | None:
    table = read_lexicon().tables[name]
    days = table["days"].split()
    place = year - int(table["first"])
    if not 0 <= place < len(days):
        return None
    month, day = map(int, days[place].split("-"))
    return make_day(year, month, day)


def _listed(name: str, year: int) -> tuple[Days, ...]:
    if name == "eid":
        return tuple(sorted(holiday_in("eid al-fitr", year) + holiday_in("eid al-adha", year)))
    if name == "quds day":
        # The last Friday of Ramadan.
        found: list[Days] = []
        for _, last in holiday_in("ramadan", year) + holiday_in("ramadan", year - 1):
            found += _within(year, last - ((last.isoweekday() - 5) % 7) * ONE_DAY, 1)
        return tuple(found)
    if name == "black friday":
        thursday = _nth_weekday(year, 11, 4, 4)
        return _within(year, add_days(thursday, 1) if thursday else None, 1)
    return _within(year, _from_table(name, year), 1)

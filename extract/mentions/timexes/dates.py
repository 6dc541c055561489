"""Days and months that name themselves, with their year or without."""

from __future__ import annotations

import datetime
import re

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    basis_of,
    day_of,
    full_year,
    month_of,
    place_in_year,
    relative_year,
    write_year,
    year_of,
)
from extract.mentions.timexes.readings import (
    DATE,
    Context,
    Reading,
    make_reading,
    read_ordinal,
)
from extract.mentions.timexes.tense import Tense
from extract.mentions.timexes.values import add_months, days_in_month, days_of, make_day, value_at
from extract.records import Granularity

# Words after a number that make it a count or a measure.
COUNTING = frozenset(
    "% percent per million billion thousand hundred trillion m bn km miles kilometers kilometres "
    "metres meters feet tons tonnes barrels dollars euros pounds".split()
)
# Where "May" and "March" are months and no verbs or names, and "June Brown" is no woman.
MONTH_LEADS = frozenset(
    """
    in since by of from until till through during before after between and to early late mid for
    this last next , ( around about each every than previous - – — or end middle beginning start
    """.split()
)
NOT_AFTER_MAY = frozenset(
    "be have not also well still yet help need want come go get make take".split()
)
DETERMINERS = frozenset("the a its their his her 's ’s".split())
NOT_AFTER_NOUN_MONTH = frozenset(
    "on of to through for from in is was were has had and or government supporter family".split()
)
FIRST_NAMES = frozenset("april june august jan may dec mar".split())


def read_day(match: Match, context: Context) -> Reading | None:
    """June 12; Friday, 12 June 2024; the 12th of June; March eighth."""
    month, day = month_of(match, context), day_of(match)
    if match.after() in COUNTING or not day:
        return None
    rule, basis = "day, month and year", ""
    if "year" in match:
        year = year_of(match.words("year"), context)
        if year is None or make_day(year, month, day) is None:
            return None
    else:
        weekday = match.words("weekday")
        number = context.number_of("WEEKDAY", weekday[0]) if weekday else None
        if day > days_in_month(2000, month):
            return None
        year, how, basis = place_in_year(match, context, month, day, number)
        rule = f"day and month, {how}"
        if year is not None and make_day(year, month, day) is None:
            return None
    value = f"{write_year(year)}-{month:02d}-{day:02d}"
    # "the 12th of June", but "[the] 13 November attacks"
    article = match.words()[0] == "the" and match.words("day")[0].isdecimal()
    return make_reading(match, DATE, value, rule=rule, basis=basis, skip=int(article))


def read_day_range(match: Match, context: Context) -> Reading | None:
    """June 12-14; 3 to 5 May 2024: one interval."""
    month, first, last = month_of(match, context), day_of(match), day_of(match, "last")
    if match.after() in COUNTING or not 0 < first < last:
        return None
    rule, basis = "days of a month", ""
    if "year" in match:
        year = year_of(match.words("year"), context)
    else:
        year, how, basis = place_in_year(match, context, month, first)
        rule = f"days of a month, {how}"
    head = f"{write_year(year)}-{month:02d}"
    value = f"{head}-{first:02d}/{head}-{last:02d}"
    days = days_of(value)
    if days is None and year is not None:
        return None
    if (match.before(2), match.before()) == ("night", "of") and last == first + 1:
        # "the night of 5/6 June" is that of the 5th
        value, rule = value.partition("/")[0], "night between two days"
        return make_reading(match, DATE, value, rule=rule, basis=basis)
    return make_reading(match, DATE, value, rule=rule, basis=basis, days=days)


def read_month(match: Match, context: Context) -> Reading | None:
    """June, the bare name; "May" and "March" only where they can be no verb and no name."""
    if not _is_month(match):
        return None
    month = month_of(match, context)
    year, how, basis = place_in_year(match, context, month, None)
    value = f"{write_year(year)}-{month:02d}"
    return make_reading(match, DATE, value, rule=f"month, {how}", basis=basis)


def _is_month(match: Match) -> bool:
    word, before = match.words("month")[0], match.before()
    if before == "black":
        return False  # "Black September"
    if word in ("may", "march"):
        after = match.raw(match.end)
        if before in DETERMINERS:  # "the March elections", not "the March on Rome"
            return after.isalpha() and after.islower() and after not in NOT_AFTER_NOUN_MONTH
        return before in MONTH_LEADS and (word == "march" or after.lower() not in NOT_AFTER_MAY)
    if word not in FIRST_NAMES or before in MONTH_LEADS:
        return True
    following = match.raw(match.end)
    return not (following[:1].isupper() and following.isalpha() and not following.isupper())


def read_month_year(match: Match, context: Context) -> Reading | None:
    """June 2024; June of 2024; Nov. '89."""
    year = year_of(match.words("year"), context)
    if year is None or not 1 <= year <= 9999:
        return None
    value = f"{year:04d}-{month_of(match, context):02d}"
    return make_reading(match, DATE, value, rule="month and year")


def read_month_of_relative_year(match: Match, context: Context) -> Reading | None:
    """October last year; January of next year; 3 May this year."""
    year, basis = relative_year(match.words("which"), context)
    month = month_of(match, context)
    value = f"{write_year(year)}-{month:02d}"
    if "day" in match:
        day = day_of(match)
        if not 0 < day <= days_in_month(year if year and 0 < year < 10_000 else 2000, month):
            return None
        value = f"{value}-{day:02d}"
        if match.phrase("which") == "this year" and match.before_group("which") != "of":
            # "runs through March 11 this year": the day needs no year, which stands for itself.
            match = match.cut("which")
    return make_reading(match, DATE, value, rule="month of a relative year", basis=basis)


def read_iso(match: Match, context: Context) -> Reading | None:
    """2024-06-12; 2024-06-12T15:46Z."""
    text = match.words()[0].upper().replace(" ", "T")
    if make_day(int(text[:4]), int(text[5:7]), int(text[8:10])) is None:
        return None
    if len(text) == 10:
        return make_reading(match, DATE, text, rule="ISO 8601")
    clock = re.fullmatch(r"(.{16}(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?", text)
    if clock is None:
        return None
    return make_reading(
        match, DATE, clock[1], type="TIME", rule="ISO 8601", zone=clock[2] or "",
        granularity=Granularity.TIME,
    )  # fmt: skip


def read_numeric(match: Match, context: Context) -> Reading | None:
    """12/06/2024, 12.06.24, 2024/06/12: which number is the day is judged from the text."""
    parts = re.split(r"[./-]", match.words()[0])
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        day = make_day(*numbers)
    else:
        dotted = "." in match.words()[0]
        if dotted and len(parts[2]) != 4 and [len(part) for part in parts] != [2, 2, 2]:
            return None
        year = numbers[2] if len(parts[2]) == 4 else full_year(numbers[2], context)
        day = _choose_numeric(
            make_day(year, numbers[0], numbers[1]), make_day(year, numbers[1], numbers[0]),
            context, dotted,
        )  # fmt: skip
    if day is None or not 1000 <= day.year <= 2200:
        return None
    return make_reading(match, DATE, day.isoformat(), rule="numeric date")


def _choose_numeric(
    month_first: datetime.date | None,
    day_first: datetime.date | None,
    context: Context,
    dotted: bool,
) -> datetime.date | None:
    """Choose by what the text shows elsewhere, by custom, and by nearness to the anchor."""
    if month_first is None or day_first is None:
        return month_first or day_first
    if context.day_first is not None:
        return day_first if context.day_first else month_first
    if dotted:
        return day_first
    if context.day:
        # A date of news is seldom a month ahead of it, and often in its week.
        ahead = [(day - context.day).days for day in (month_first, day_first)]
        if (ahead[0] > 31) != (ahead[1] > 31):
            return day_first if ahead[0] > 31 else month_first
        if min(map(abs, ahead)) <= 7 < max(map(abs, ahead)):
            return day_first if abs(ahead[1]) < abs(ahead[0]) else month_first
    return month_first


def read_bare_day(match: Match, context: Context) -> Reading | None:
    """On the 12th: a day of the month told before, or of the anchor's own or a nearby month."""
    day = day_of(match)
    if not day or (match.after().isalpha() and match.after() not in AFTER_BARE_DAY):
        return None  # "on the 6th series"
    if match.before() == "of" and match.before(2) not in context.lexicon.classes["PART"]:
        return None  # "the morning of the 6th", not "one of the 6th"
    told = context.latest(Granularity.DAY, Granularity.MONTH, within=max(80, context.reach))
    if told is None and match.before() != "on":
        return None
    days = context.days_of(told) if told else None
    if told and days:
        base: datetime.date | None = days[0]
        basis = basis_of(told)
    else:
        base, basis = context.day, context.anchor.basis
        future = context.tense_of(match) is Tense.FUTURE
        if base and not future and day > base.day:
            base = add_months(base.replace(day=1), -1) or base
        elif base and future and day < base.day:
            base = add_months(base.replace(day=1), 1) or base
    if base is None:
        return make_reading(match, DATE, f"XXXX-XX-{day:02d}", rule="day of the month")
    found = make_day(base.year, base.month, day)
    if found is None:
        return None
    return make_reading(match, DATE, found.isoformat(), rule="day of the month", basis=basis)


AFTER_BARE_DAY = frozenset(
    "and or but at in to when as after before that with by for while where from until the he she it"
    " they we a an all both some many most nobody".split()
)


def read_week_of_day(match: Match, context: Context) -> Reading | None:
    """The week of June 3: the Monday to Sunday around the day."""
    day = read_day(match, context)
    days = days_of(day.value) if day else None
    if day is None or days is None:
        return None
    return make_reading(match, DATE, value_at("W", days[0]), rule="week of a day", basis=day.basis)


def read_week_of_month(match: Match, context: Context) -> Reading | None:
    """The first week of June, the last week of February 2022: seven days of the month."""
    month = month_of(match, context)
    if "year" in match:
        year, basis = year_of(match.words("year"), context), ""
    else:
        year, _, basis = place_in_year(match, context, month, None)
    start = make_day(year, month, 1) if year else None
    if year is None or start is None:
        return make_reading(match, DATE, "XXXX-WXX", rule="week of a month")
    word = match.words("ordinal")[0]
    length = days_in_month(year, month)
    first = length - 6 if word in ("last", "final") else 7 * (read_ordinal([word]) or 1) - 6
    if not 1 <= first <= length - 6:
        return None
    days = (start.replace(day=first), start.replace(day=first + 6))
    value = value_at("W", start.replace(day=first + 3))
    return make_reading(
        match, DATE, value, rule="week of a month", basis=basis, days=days,
        granularity=Granularity.WEEK,
    )  # fmt: skip


WEEKDAY = "(?:(?:last|next|this)?(?P<weekday>WEEKDAY)COMMA?(?:the)?)?"
YEAR = "(?:(?:COMMA|of)?(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR}))?"
RELATIVE_YEAR = (
    "(?P<which>(?:the)?(?:last|next|this|that|same|previous|following|preceding|coming|current)"
    "(?:year))"
)
MONTH_DAY = f"{WEEKDAY}(?P<month>MONTH)(?:the)?(?P<day>{{DAYNUMBER}})"
THROUGH = "(?:HYPHEN|RULE|to|through|until|till)"

RULES: tuple[Rule, ...] = (
    Rule("ISO 8601", "ISODATE", read_iso),
    Rule("numeric date", "NUMERIC", read_numeric),
    Rule("month and day", f"{MONTH_DAY}(?!HYPHEN?UNIT){YEAR}", read_day),
    Rule(
        "day and month",
        f"{WEEKDAY}(?:the)?(?P<day>{{DAYNUMBER}})(?:of|HYPHEN)?(?P<month>MONTH)"
        f"(?:HYPHEN(?=YEAR))?{YEAR}",
        read_day,
    ),
    Rule(
        "days of a month",
        f"{WEEKDAY}(?P<month>MONTH)(?P<day>{{DAYNUMBER}}){THROUGH}(?:the)?(?P<last>DAY|ORDINALNUMBER){YEAR}",
        read_day_range,
    ),
    Rule(
        "days of a month",
        f"(?:the)?(?P<day>{{DAYNUMBER}})(?:{THROUGH}|SLASH)(?:the)?(?P<last>{{DAYNUMBER}})(?:of)?"
        f"(?P<month>MONTH){YEAR}",
        read_day_range,
    ),
    Rule(
        "days of a month",
        f"(?<=between)(?P<month>MONTH)(?P<day>{{DAYNUMBER}})and(?P<last>DAY|ORDINALNUMBER){YEAR}",
        read_day_range,
    ),
    Rule(
        "days of a month",
        "(?<=between)(?:the)?(?P<day>{DAYNUMBER})and(?:the)?(?P<last>{DAYNUMBER})(?:of)?"
        f"(?P<month>MONTH){YEAR}",
        read_day_range,
    ),
    Rule("month", "(?P<month>MONTH)", read_month),
    Rule(
        "month and year",
        "(?P<month>MONTH)(?:COMMA|of|HYPHEN)?(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR})",
        read_month_year,
    ),
    Rule(
        "month of a relative year",
        f"(?P<month>MONTH)(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule(
        "month of a relative year",
        f"(?:the)?(?P<day>{{DAYNUMBER}})(?:of)?(?P<month>MONTH)(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule(
        "month of a relative year",
        f"(?P<month>MONTH)(?P<day>{{DAYNUMBER}})(?:of|COMMA)?{RELATIVE_YEAR}",
        read_month_of_relative_year,
    ),
    Rule(
        "week of a month",
        f"(?:the)?(?P<ordinal>ORDINAL|ORDINALNUMBER|last|final)week(?:of|in)(?P<month>MONTH){YEAR}",
        read_week_of_month,
    ),
    Rule("week of a day", f"the week of{MONTH_DAY}{YEAR}", read_week_of_day),
    Rule(
        "day of the month",
        "(?<=on|of|by|until|till|since|from)the(?P<day>ORDINALNUMBER)",
        read_bare_day,
    ),
)

"""Quarters and halves of a year, and what company news says of them.

"The quarter", "the latest period" and "a year earlier" mean the quarter that the text is about.
"""

from __future__ import annotations

import datetime

from extract.mentions.timexes.dates import RELATIVE_YEAR
from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    basis_of,
    place_in_year,
    place_part,
    write_year,
    year_named,
)
from extract.mentions.timexes.readings import (
    DATE,
    DURATION,
    Context,
    Reading,
    make_reading,
    read_ordinal,
)
from extract.mentions.timexes.values import add_days, days_in_month, value_at
from extract.records import Granularity


def read_quarter(match: Match, context: Context) -> Reading | None:
    """The third quarter; Q3 2014; this year's first quarter; third-quarter (earnings)."""
    if "mark" in match:
        mark = match.words("mark")[0]
        if "h" in mark:
            return _read_half(match, context, int(mark.strip("h")))
        number = int(mark.strip("q"))
    else:
        word = match.words("ordinal")
        number = 4 if word in (["last"], ["final"]) else read_ordinal(word) or 0
    if not 1 <= number <= 4:
        return None
    year, basis, told = year_named(match, context)
    if not told:
        year, basis = place_part(match, context, 3, number)
    value = f"{write_year(year)}-Q{number}"
    return make_reading(
        match, DATE, value, rule="quarter and year" if told else "quarter", basis=basis
    )


def read_half(match: Match, context: Context) -> Reading | None:
    """The first half of 2014; the second half of the year; first-half (results)."""
    return _read_half(match, context, 1 if match.words("half")[0] == "first" else 2)


def _read_half(match: Match, context: Context, number: int) -> Reading | None:
    year, basis, told = year_named(match, context)
    if not told:
        year, basis = place_part(match, context, 6, number)
    value = f"{write_year(year)}-H{number}"
    return make_reading(match, DATE, value, rule="half of a year", basis=basis)


def read_the_quarter(match: Match, context: Context) -> Reading | None:
    """The quarter, the latest quarter, the period: the quarter the text is about."""
    ended = _month_it_ended(match, context)
    if ended:
        return ended
    told = context.latest(Granularity.QUARTER)
    days = context.days_of(told) if told else None
    which = match.phrase("which")
    if days and which == "latest" and context.day and days[0] <= context.day <= days[1]:
        days = None  # reports are of a quarter that is over
    if told and days and which != "current":
        return make_reading(
            match,
            DATE,
            value_at("Q", days[0]),
            rule="the quarter told before",
            basis=basis_of(told),
        )
    if match.words("unit")[0] == "period" and which != "latest":
        return None
    offset = 0 if which in ("current", "same") else -1
    return make_reading(
        match, DATE, value_at("Q", context.day, offset),
        rule="this quarter" if offset == 0 else "the latest quarter", basis=context.anchor.basis,
    )  # fmt: skip


def _month_it_ended(match: Match, context: Context) -> Reading | None:
    """The quarter ended Sept. 30: the quarter of that day."""
    months = context.lexicon.classes["MONTH"]
    if match.after() not in ("ended", "ending") or match.after(2) not in months:
        return None
    month = int(months[match.after(2)])
    year, _, basis = place_in_year(match, context, month, None)
    if year is None:
        return make_reading(match, DATE, "XXXX-QX", rule="the quarter that ended then")
    day = read_ordinal([match.after(3)]) or 31
    end = datetime.date(year, month, min(day, days_in_month(year, month)))
    # A business quarter need not end with the calendar's: most of its 13 weeks count.
    value = value_at("Q", add_days(end, -45))
    return make_reading(match, DATE, value, rule="the quarter that ended then", basis=basis)


def read_quarter_of_year(match: Match, context: Context) -> Reading | None:
    """The 1988 quarter, the 1988 period: the quarter the text is about, in another year."""
    year = int(match.words("year")[0])
    told = context.latest(Granularity.QUARTER)
    days = context.days_of(told) if told else None
    if told and days:
        value = f"{year:04d}-Q{(days[0].month + 2) // 3}"
        return make_reading(
            match, DATE, value, rule="the quarter of a year", basis=basis_of(told), digression=True
        )
    return make_reading(match, DATE, f"{year:04d}", rule="year", digression=True)


def read_quarter_a_year_ago(match: Match, context: Context) -> Reading | None:
    """The year-ago quarter, the year-earlier period: the same quarter of the year before."""
    if "ordinal" in match:
        number = read_ordinal(match.words("ordinal")) or 0
        if not 1 <= number <= 4:
            return None
        year, basis = place_part(match, context, 3, number)
        value = f"{write_year(year - 1 if year else None)}-Q{number}"
        return make_reading(
            match, DATE, value, rule="the quarter a year ago", basis=basis, digression=True
        )
    told = context.latest(Granularity.QUARTER)
    days = context.days_of(told) if told else None
    if told and days:
        return make_reading(
            match, DATE, value_at("Q", days[0], -4), rule="the quarter a year ago",
            basis=basis_of(told), digression=True,
        )  # fmt: skip
    return make_reading(
        match, DATE, value_at("Y", context.day, -1), rule="a year ago",
        basis=context.anchor.basis, digression=True,
    )  # fmt: skip


def read_months_a_year_ago(match: Match, context: Context) -> Reading | None:
    """The year-earlier nine months: a length."""
    months = read_ordinal(match.words("amount")) or context.number_of(
        "CARDINAL", match.words("amount")[0]
    )
    return make_reading(match, DURATION, f"P{months}M", type="DURATION", rule="duration")


OF_YEAR = (
    "(?:(?:of|in|COMMA)?(?:fiscal|calendar)?(?P<year>YEAR|APOSTROPHEYEAR|{SPELLEDYEAR})"
    f"|(?:of|in)?{RELATIVE_YEAR})"
)
ORDINAL = "(?P<ordinal>ORDINAL|ORDINALNUMBER|final|last(?=quarter of))"
A_YEAR_AGO = "(?:a)?year HYPHEN?(?:ago|earlier)"

RULES: tuple[Rule, ...] = (
    Rule(
        "quarter",
        f"(?:the|its|their)?(?:fiscal HYPHEN?)?{ORDINAL}(?:HYPHEN|fiscal|calendar)?quarter"
        f"(?:{OF_YEAR})?",
        read_quarter,
    ),
    Rule(
        "quarter",
        f"(?:the)?(?:(?:fiscal)?(?P<year>YEAR)|{RELATIVE_YEAR})POSSESSIVE?(?:fiscal)?{ORDINAL}HYPHEN?quarter",
        read_quarter,
    ),
    Rule("quarter", f"(?:the)?(?P<mark>QUARTERNUMBER)(?:{OF_YEAR})?", read_quarter),
    Rule(
        "quarter",
        f"(?:(?P<year>YEAR)|{RELATIVE_YEAR})(?:POSSESSIVE|HYPHEN)?(?P<mark>QUARTERNUMBER)",
        read_quarter,
    ),
    Rule(
        "half of a year",
        "(?:the)?(?:fiscal)?(?P<half>first|second|last|latter)HYPHEN?half of"
        f"(?:(?:fiscal)?(?P<year>YEAR)|{RELATIVE_YEAR}|(?:the|its)(?:fiscal)?year)",
        read_half,
    ),
    Rule(
        "half of a year",
        "(?P<half>first|second)HYPHEN half"
        "(?=earnings|profit|net|results|sales|loss|pretax|revenue|profits)",
        read_half,
    ),
    Rule(
        "the quarter",
        "(?:the|its|their)(?P<which>latest|current|same|most recent|corresponding)?(?:fiscal)?"
        "(?P<unit>quarter|period)",
        read_the_quarter,
    ),
    Rule(
        "the quarter of a year",
        "the(?P<year>YEAR)(?:fiscal)?(?:quarter|period)",
        read_quarter_of_year,
    ),
    Rule(
        "the quarter a year ago",
        f"(?:the|its|their)?(?:comparable|corresponding)?{A_YEAR_AGO}(?:fiscal)?{ORDINAL}?HYPHEN?"
        "(?:quarter|period)",
        read_quarter_a_year_ago,
    ),
    Rule(
        "the quarter a year ago",
        "(?:the)?(?:corresponding|comparable|same)(?:quarter|period)(?:of)?last year",
        read_quarter_a_year_ago,
    ),
    Rule("the quarter a year ago", "the quarter a year(?:ago|earlier)", read_quarter_a_year_ago),
    Rule("the quarter a year ago", "last year POSSESSIVE quarter", read_quarter_a_year_ago),
    Rule("the quarter a year ago", "year HYPHEN(?:ago|earlier)", read_quarter_a_year_ago),
    Rule("duration", f"the{A_YEAR_AGO}(?P<amount>CARDINAL)months", read_months_a_year_ago),
)

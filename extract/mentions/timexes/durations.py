"""Lengths of time and what recurs: three decades, a year and a half, every Friday, annual."""

from __future__ import annotations

import datetime
from fractions import Fraction

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import OFFSETS, step, told_before
from extract.mentions.timexes.readings import (
    DATE,
    DURATION,
    REFERENCE,
    SET,
    Context,
    Reading,
    make_reading,
    read_amount,
)
from extract.mentions.timexes.relative import FINER, HOURS_IN
from extract.mentions.timexes.tense import SENTENCE_ENDS
from extract.mentions.timexes.values import Days, add_days, duration_value, value_at
from extract.records import Granularity

AGES_AFTER = frozenset("old older age aged".split())
AGES_BEFORE = frozenset("aged age ages".split())
HYPHENS = frozenset("-‐‑")
# Before "a year", these leave it a length; a number or what it counts makes it a rate.
LENGTH_LEADS = frozenset(
    """
    for in within of over about after than nearly almost around under least most once only just
    take takes took taking last lasts lasted spend spent serve served be is was and or with from
    until before by at to a as less more every
    """.split()
)


def read_duration(match: Match, context: Context) -> Reading | None:
    """Three years, a few weeks, two and a half hours, 10-day; never an age or a rate."""
    unit = context.unit_of(match.words("unit")[0])
    words = match.words("amount")
    if _is_age(match):
        return None
    if match.before() in AGES_BEFORE or (unit == "Q" and _is_fraction(match)):
        return None
    if words in (["a"], ["an"]) and not _is_length(match, unit):
        return None
    if match.phrase() == "one day" and match.before() in MODALS:
        return make_reading(match, REFERENCE, "FUTURE_REF", rule="future")
    if words == ["many"] and match.before() == "as":
        return None  # "the second attack in as many days"
    if _is_year_number(match) or (unit == "H" and _is_clock(match)):
        return None
    value = duration_value(read_amount(match), unit)
    return make_reading(match, DURATION, value, type="DURATION", rule="duration")


# "will one day be": some day, no length.
MODALS = frozenset("will would could may might can shall 'll".split())


def _is_age(match: Match) -> bool:
    """Ten years old, a ten-year-old, 33 years of age, decades-old."""
    after, then = match.after(), match.after(2)
    return after in AGES_AFTER or (after in HYPHENS | {"of"} and then in AGES_AFTER)


def _is_fraction(match: Match) -> bool:
    """Three-quarters of, three quarters of: a share and no time."""
    return match.after() == "of" or not HYPHENS.isdisjoint(match.words())


def _is_year_number(match: Match) -> bool:
    """ "The 1988 quarter", "the 2018 season": the number is a year's."""
    words = match.words("amount")
    return (
        len(words) == 1
        and len(words[0]) == 4
        and words[0].isdecimal()
        and words[0][:2] in ("19", "20")
    )


def _is_clock(match: Match) -> bool:
    """0600 hours, at 1800 hours: a time of the day."""
    word = match.words("amount")[0]
    led = word[0] == "0" or match.before() in CLOCK_LEADS or match.words("unit") == ["hrs"]
    return len(word) == 4 and word.isdecimal() and led


CLOCK_LEADS = frozenset("at from by until till around since".split())


def _is_length(match: Match, unit: str) -> bool:
    """Say whether "a year" is a length, and not a rate ("$5 a year", "700 seats a week")."""
    before = match.before()
    if unit in ("S", "Q") or match.after() in HYPHENS:
        return False
    if unit == "TM" and before not in LENGTH_LEADS:
        return False
    if before in LENGTH_LEADS:
        return True
    words = match.tokens.lowers[max(0, match.first - 4) : match.first]
    while SENTENCE_ENDS.intersection(words):
        words = words[1:]
    counted = any(word[:1].isdigit() or word[:1] in "$£€" for word in words)
    return not counted and before not in (
        "times",
        "once",
        "twice",
        "percent",
        "%",
        "share",
        "million",
    )


def read_whole_duration(match: Match, context: Context) -> Reading | None:
    """The last three months, the past 24 hours, the next two weeks: a length with its days."""
    unit, which = context.unit_of(match.words("unit")[0]), match.words("which")[-1]
    amount = read_amount(match)
    if which == "last" and match.words()[0] == "last" and match.before() in LASTING:
        # "the talks will last three days"
        value = duration_value(amount, unit)
        return make_reading(match, DURATION, value, type="DURATION", rule="duration", skip=1)
    base, basis = context.day, context.anchor.basis
    if context.history:
        told, told_basis = told_before("D", context)
        base, basis = (told, told_basis) if told else (base, basis)
    days = _stretch(base, unit, amount, which)
    return make_reading(
        match, DURATION, duration_value(amount, unit), type="DURATION", rule=f"{which} units",
        days=days, granularity=Granularity.RANGE if days else None,
        basis=basis if days else "",
    )  # fmt: skip


LASTING = frozenset("to will would could can may might should must not n't 'll".split())


def _stretch(
    base: datetime.date | None, unit: str, amount: Fraction | None, which: str
) -> Days | None:
    """Return the days from so long before a day up to it, or from it on."""
    if base is None or amount is None or which not in ("last", "past", "next", "coming"):
        return None
    sign = OFFSETS[which]
    if unit in HOURS_IN:
        count = -(-amount * HOURS_IN[unit] // 24)
        other = add_days(base, sign * int(count)) if count < 10_000 else None
    else:
        if amount.denominator != 1 and unit in FINER:
            unit, amount = FINER[unit][0], amount * FINER[unit][1]
        other = step(base, unit, sign * int(amount))
    if other is None:
        return None
    return (min(other, base), max(other, base))


def read_bare_units(match: Match, context: Context) -> Reading | None:
    """Weeks, months, years, decades: a length without a count."""
    unit = context.unit_of(match.words("unit")[0])
    if unit in ("S", "TM") and match.before() not in ("within", "for"):
        return None
    if unit in ("WE", "Q", "HF") or match.before() in NOT_BEFORE_UNITS:
        return None
    if unit == "H" and match.before() in ("wee", "small", "early"):
        return None
    if _is_age(match) or match.before()[:1].isdigit() or match.before() == "many":
        return None
    return make_reading(
        match, DURATION, duration_value(None, unit), type="DURATION", rule="duration"
    )


NOT_BEFORE_UNITS = frozenset(
    "'s ’s these those - working old school their his her our my your business aged".split()
)


def read_quarter_century(match: Match, context: Context) -> Reading | None:
    """A quarter of a century: 25 years, or the year so long ago."""
    if "ago" in match:
        value = value_at("Y", context.day, -25)
        return make_reading(
            match, DATE, value, rule="years ago", basis=context.anchor.basis, digression=True
        )
    return make_reading(match, DURATION, "P25Y", type="DURATION", rule="duration")


def read_long(match: Match, context: Context) -> Reading | None:
    """Year-long, weeklong, monthslong."""
    stem = match.words("unit")[0] if "unit" in match else match.words()[0].removesuffix("long")
    amount = None if stem in context.lexicon.classes["UNITS"] else Fraction(1)
    value = duration_value(amount, context.unit_of(stem))
    return make_reading(match, DURATION, value, type="DURATION", rule="duration")


def read_every(match: Match, context: Context) -> Reading | None:
    """Every Friday, each year, every two weeks, every October, every morning."""
    value = "XXXX"
    if "weekday" in match:
        value += f"-WXX-{context.number_of('WEEKDAY', match.words('weekday')[0])}"
    elif "month" in match:
        value += f"-{context.number_of('MONTH', match.words('month')[0]):02d}"
    elif "season" in match:
        value += f"-{context.code_of('SEASON', match.words('season')[0])}"
    elif "part" in match:
        value += "-XX-XX"
    else:
        unit = context.unit_of(match.words("unit")[0])
        if unit == "S":
            return None
        amount = Fraction(2) if "other" in match else Fraction(1)
        value = duration_value(read_amount(match) if "amount" in match else amount, unit)
    if "part" in match:
        value += context.code_of("PART", match.words("part")[0])
    return make_reading(match, SET, value, type="SET", rule="every")


def read_recurring(match: Match, context: Context) -> Reading | None:
    """Daily, weekly, annual; not "China Daily", nor a quarterly dividend, which is a kind."""
    raw = match.raw(match.first)
    if raw[:1].isupper() and (
        match.raw(match.end)[:1].isupper() or match.raw(match.first - 1)[:1].isupper()
    ):
        return None
    word = match.words()[0]
    following = match.raw(match.end)
    if following[:1].isupper() and not raw.isupper() and word in PAPERS:
        return None
    if word == "quarterly" and match.after() in QUARTERLY_KINDS:
        return None
    return make_reading(
        match, SET, context.code_of("RECURRING", word), type="SET", rule="recurring"
    )


# "the daily Hürriyet", "the weekly Nacional": newspapers.
PAPERS = frozenset("daily weekly monthly".split())
QUARTERLY_KINDS = frozenset(
    "dividend dividends earnings results report loss profit net payout figures".split()
)


def read_rate(match: Match, context: Context) -> Reading | None:
    """Twice a week, three times a year."""
    value = duration_value(Fraction(1), context.unit_of(match.words("unit")[0]))
    return make_reading(match, SET, value, type="SET", rule="rate")


def read_weekdays(match: Match, context: Context) -> Reading | None:
    """Mondays, Tuesday nights, weekends: what recurs."""
    if "weekdays" in match:
        value = f"XXXX-WXX-{context.number_of('WEEKDAYS', match.words('weekdays')[0])}"
    elif "weekday" in match:
        value = f"XXXX-WXX-{context.number_of('WEEKDAY', match.words('weekday')[0])}"
        value += context.code_of("PARTS", match.words("parts")[0])
    else:
        value = "XXXX-WXX-WE"
    return make_reading(match, SET, value, type="SET", rule="recurring")


KIND = (
    "(?:full|additional|more|consecutive|straight|solid|trading|business|working|calendar|fiscal"
    "|long|whole|successive|further|extra)?"
)
MORE = "(?:(?P<half>and(?:a)half)|or so|or more|or two)?"
AMOUNT = "(?P<amount>{AMOUNT})"
LONG = "|".join(
    f"{unit}long"
    for unit in "hour hours day days week weeks month months year years decade decades".split()
)

RULES: tuple[Rule, ...] = (
    Rule("duration", f"{AMOUNT}{KIND}HYPHEN?(?P<unit>UNIT|UNITS){MORE}", read_duration),
    Rule(
        "duration",
        "(?P<amount>{NUMBER})HYPHEN?(?P<half>and HYPHEN?(?:a)?HYPHEN?half)HYPHEN?"
        "(?P<unit>UNIT|UNITS)",
        read_duration,
    ),
    Rule("duration", f"(?P<amount>a|an|another){KIND}(?P<unit>UNIT){MORE}", read_duration),
    Rule("duration", "(?:a)?(?P<amount>half)HYPHEN?(?:a|an)?HYPHEN?(?P<unit>UNIT)", read_duration),
    Rule(
        "whole duration",
        "(?:the|these|those|its|their)?(?P<which>last|past|next|coming|previous|following|preceding"
        "|first|final|initial|opening|latest|closing|recent|remaining|other|same|prior)"
        f"{AMOUNT}{KIND}HYPHEN?(?P<unit>UNIT|UNITS){MORE}",
        read_whole_duration,
    ),
    Rule("duration", f"the{AMOUNT}{KIND}(?P<unit>UNITS)", read_duration),
    Rule(
        "duration",
        "(?:a|one)quarter HYPHEN?(?:of HYPHEN?a HYPHEN?)?century(?P<ago>ago)?",
        read_quarter_century,
    ),
    Rule("duration", "(?P<unit>UNITS)", read_bare_units),
    Rule("duration", f"(?P<unit>UNIT|UNITS)HYPHEN long|{LONG}", read_long),
    Rule(
        "every",
        "(?:each|every)(?:single|(?P<other>other))?(?:(?P<weekday>WEEKDAY)(?P<part>PART)?|(?P<month>MONTH)"
        "|(?P<season>SEASON)|(?P<unit>UNIT))",
        read_every,
    ),
    Rule(
        "every",
        "(?:each|every)(?P<amount>{AMOUNT})(?P<unit>UNIT|UNITS)",
        read_every,
    ),
    Rule("every", "(?:each|every)(?P<part>PART)", read_every),
    Rule("recurring", "RECURRING", read_recurring),
    Rule(
        "rate",
        "(?:once|twice|(?:{NUMBER}|several)times)(?:a|an|per|each|every)(?P<unit>UNIT)",
        read_rate,
    ),
    Rule(
        "recurring",
        "(?P<weekdays>WEEKDAYS)|(?P<weekday>WEEKDAY)(?P<parts>PARTS)|weekends",
        read_weekdays,
    ),
)

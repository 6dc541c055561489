"""Dates told from another day: last week, this September, two weeks ago, the next day."""

from __future__ import annotations

import datetime
from fractions import Fraction

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    ANAPHORIC,
    NO_COARSER,
    OFFSETS,
    basis_of,
    day_of,
    place_season,
    shift_season,
    step,
    told_before,
)
from extract.mentions.timexes.quarters import read_the_quarter
from extract.mentions.timexes.readings import (
    DATE,
    DURATION,
    REFERENCE,
    Context,
    Reading,
    make_reading,
    read_amount,
)
from extract.mentions.timexes.tense import Tense
from extract.mentions.timexes.values import (
    GRANULARITIES,
    UNKNOWN_VALUES,
    Days,
    add_days,
    days_of,
    duration_value,
    value_at,
)
from extract.records import Granularity

DAY_OFFSETS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
# "Today's world" is the present, not a day.
PRESENT_AFTER_TODAY = frozenset("world society standards youth generation".split())
# A quarter told this many words before still lends itself to "a year earlier"; of 30, 60, 90
# and 150 words, chosen on TimeBank's value F1.
QUARTER_REACH = 90
# Units too fine or too coarse for a calendar value.
UNCALENDARED = frozenset({"S", "TM", "H", "ME"})
HOURS_IN = {"S": Fraction(1, 3600), "TM": Fraction(1, 60), "H": Fraction(1)}
FINER = {"Y": ("M", 12), "DE": ("Y", 10), "CE": ("Y", 100), "M": ("W", 4), "W": ("D", 7)}
EARLIER = frozenset("ago earlier before previously back prior".split())
FROM_TODAY = frozenset({"ago", "from now", "hence", "back", "from today"})


def read_day_word(match: Match, context: Context) -> Reading | None:
    """Today, yesterday, tomorrow, tonight; the day before yesterday."""
    words, word = match.words(), match.words("word")[0]
    if word == "today" and match.after() in ("'s", "’s") and match.after(2) in PRESENT_AFTER_TODAY:
        return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")
    if word == "today" and context.history and not context.narrated:
        return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")
    said = _day_of_speech(match, context) if word == "today" else None
    base, basis = said or (context.day, context.anchor.basis)
    offset = DAY_OFFSETS[word] - ("before" in words) + ("after" in words)
    value = value_at("D", base, offset)
    if word == "tonight":
        return make_reading(match, DATE, f"{value}TNI", type="TIME", rule="day word", basis=basis)
    return make_reading(match, DATE, value, rule="day word", basis=basis)


def _day_of_speech(match: Match, context: Context) -> tuple[datetime.date, str] | None:
    """Return the day before the anchor on which a quoted "today" was said, where that was told.

    A report of yesterday's match quotes the coach on "today's game". The day counts where
    the report's own first day word is "yesterday" and it has told of no other day since.
    """
    if not context.in_quotation(match.first) or context.day is None:
        return None
    days = [reading for reading in context.readings if reading.is_day]
    if not days or any(reading.value != days[0].value for reading in days):
        return None
    told, yesterday = days_of(days[0].value), add_days(context.day, -1)
    if told is None or told[0] != yesterday or days[0].rule != "day word":
        return None
    return told[0], basis_of(days[0])


STRETCHING = frozenset({"D", "W", "M", "Q", "Y", "DE", "CE"})


def read_which_unit(match: Match, context: Context) -> Reading | None:
    """Last week, this month, next year, that day, the same year, the following week."""
    name, word = match.words("unit")[0], match.words("which")[-1]
    unit, rule = context.unit_of(name), f"{word} {name}"
    if unit in UNCALENDARED:
        return None
    if unit == "Q" and word in ("latest", "same", "that"):
        return read_the_quarter(match, context)
    base, basis = context.day, context.anchor.basis
    if word in ANAPHORIC or (word == "next" and unit == "D"):
        told, told_basis = told_before(
            unit, context, forward=OFFSETS[word] > 0, named=unit == "Y" and OFFSETS[word] == 0
        )
        if told is None and (word in ("that", "same") or unit == "D"):
            return make_reading(match, DATE, UNKNOWN_VALUES[unit], rule=rule)
        if told:
            base, basis = told, told_basis
    days: Days | None = None
    stretch = word == "past" or (word == "last" and match.words()[0] == "the")
    if stretch and context.day and unit in STRETCHING:
        # "the past year" runs up to now, though its value is the calendar's.
        start = step(context.day, unit, -1)
        days = (start, context.day) if start else None
    return make_reading(
        match, DATE, value_at(unit, base, OFFSETS[word]), rule=rule, basis=basis, days=days,
        granularity=GRANULARITIES[unit],
    )  # fmt: skip


def read_which_month(match: Match, context: Context) -> Reading | None:
    """Last September, next March, this past June, the previous April, that November."""
    month = context.number_of("MONTH", match.words("month")[0])
    word = match.words("which")[-1]
    base, basis = context.day, context.anchor.basis
    if word in ANAPHORIC:
        told, told_basis = told_before("Y", context)
        base, basis = (told, told_basis) if told else (base, basis)
    if base is None:
        return make_reading(match, DATE, f"XXXX-{month:02d}", rule="relative month")
    year = base.year
    if OFFSETS[word] < 0:
        # The month just past is "last month"; "last May" in June is of the year before.
        year -= month >= base.month - (word == "last")
    elif OFFSETS[word] > 0:
        year += month <= base.month
    elif word == "this" and context.tense_of(match) is Tense.PAST and month > base.month + 2:
        year -= 1
    value = f"{year:04d}-{month:02d}" if 1 <= year <= 9999 else f"XXXX-{month:02d}"
    return make_reading(match, DATE, value, rule=f"{word} month of that name", basis=basis)


def read_day_of_which_month(match: Match, context: Context) -> Reading | None:
    """The 14th of last March, the 5th of this month."""
    if "month" in match:
        whole = read_which_month(match, context)
        value, basis = (whole.value, whole.basis) if whole else ("XXXX-XX", "")
    else:
        value = value_at("M", context.day, OFFSETS[match.words("which")[-1]])
        basis = context.anchor.basis
    value = f"{value}-{day_of(match):02d}"
    if not day_of(match) or (value[0].isdigit() and days_of(value) is None):
        return None
    return make_reading(match, DATE, value, rule="day of a relative month", basis=basis)


def read_which_season(match: Match, context: Context) -> Reading | None:
    """Last summer, this fall, next winter, this past spring, that autumn."""
    season = context.code_of("SEASON", match.words("season")[0])
    word, rule = match.words("which")[-1], f"{match.words('which')[-1]} season"
    if word in ANAPHORIC:
        told = context.latest(*NO_COARSER["Y"])
        days = context.days_of(told) if told else None
        if told and days:
            value = f"{days[0].year:04d}-{season}"
            if OFFSETS[word]:
                side = days[OFFSETS[word] > 0]
                value = shift_season(side, season, OFFSETS[word], southern=context.southern)
            return make_reading(match, DATE, value, rule=rule, basis=basis_of(told))
    if OFFSETS[word] == 0 or context.day is None:
        value, basis = place_season(match, context, season)
        return make_reading(match, DATE, value, rule=rule, basis=basis)
    value = shift_season(context.day, season, OFFSETS[word], southern=context.southern)
    return make_reading(match, DATE, value, rule=rule, basis=context.anchor.basis)


def read_away(match: Match, context: Context) -> Reading | None:
    """Two weeks ago, a year earlier, three days later, five months from now."""
    name, relation = match.words("unit")[0], match.phrase("relation").removeprefix("- ")
    unit, amount = context.unit_of(name), read_amount(match)
    forward = relation not in EARLIER
    if relation in ("on", "before", "after", "prior", "back") and not _closes_phrase(match):
        return None
    if amount is None:
        return _read_some_away(match, unit, relation)
    if unit in HOURS_IN:
        return _read_hours_away(match, context, unit, amount, forward)
    if unit not in UNKNOWN_VALUES:
        return None
    if unit == "Y" and amount == 1 and not forward:
        quarter = context.latest(Granularity.QUARTER, within=QUARTER_REACH)
        days = context.days_of(quarter) if quarter else None
        if quarter and days:
            return make_reading(
                match, DATE, value_at("Q", days[0], -4), rule="the quarter a year ago",
                basis=basis_of(quarter), digression=True,
            )  # fmt: skip
    base, basis = context.day, context.anchor.basis
    if relation not in FROM_TODAY:
        told, told_basis = told_before("D" if unit == "W" else unit, context, forward=forward)
        if told:
            base, basis = told, told_basis
        elif forward or relation == "before":
            base, basis = None, ""
    whole = int(amount)
    if amount != whole and unit in FINER:
        unit, whole = FINER[unit][0], int(amount * FINER[unit][1])
    value = value_at("W" if unit == "WE" else unit, base, whole if forward else -whole)
    return make_reading(
        match, DATE, value, rule=f"{name} {relation}", basis=basis, digression=not forward
    )


def _read_some_away(match: Match, unit: str, relation: str) -> Reading:
    """Several years ago, a few days later: how long is not told."""
    if relation in ("ago", "back", "from now", "hence"):
        value = "PAST_REF" if relation in EARLIER else "FUTURE_REF"
        return make_reading(match, REFERENCE, value, rule="some time away")
    return make_reading(
        match, DURATION, duration_value(None, unit), type="DURATION", rule="some time away"
    )


def _closes_phrase(match: Match) -> bool:
    """Say whether "before", "on" or "back" ends its phrase, with no date or clause after."""
    after = match.after()
    return after in ("", ",", ".", ";", ")", "and", "but") or after.startswith("\n")


def _read_hours_away(
    match: Match, context: Context, unit: str, amount: Fraction, forward: bool
) -> Reading | None:
    hours = amount * HOURS_IN[unit]
    days = int(hours) // 24
    value = value_at("D", context.day, days if forward else -days)
    basis = context.anchor.basis
    if days:
        return make_reading(match, DATE, value, rule="hours away", basis=basis, digression=True)
    return make_reading(
        match, DATE, f"{value}TXX", type="TIME", rule="hours away", basis=basis, digression=True
    )


def read_the_unit(match: Match, context: Context) -> Reading | None:
    """The day, the week, the month, the year, the weekend: the one the text is in."""
    name = match.words("unit")[0]
    unit, after = context.unit_of(name), match.after()
    if unit == "Q":
        return read_the_quarter(match, context)
    if unit in UNCALENDARED or unit in ("F", "HF") or after in NOT_AFTER_UNIT:
        return None
    raw = match.raw(match.end - 1)
    if raw[0].isupper() and not raw.isupper():
        return None  # "the Day family", "The Week"
    if after in ("ended", "ending", "to"):
        return make_reading(
            match, DURATION, duration_value(Fraction(1), unit), type="DURATION", rule="duration"
        )
    if unit == "D" and match.before() == "to" and after in TO_THE_DAY:
        return None  # "fifty years to the day"
    base, basis = context.day, context.anchor.basis
    if context.history or unit == "D":
        told = context.latest(
            Granularity.DAY, *(() if unit == "D" else (Granularity.MONTH, Granularity.YEAR)),
            within=100_000 if context.history or unit == "D" else 40,
        )  # fmt: skip
        days = context.days_of(told) if told else None
        if told and days:
            base, basis = days[0], basis_of(told)
    offset = 0
    if unit == "WE" and base is not None and base.isoweekday() < 6:
        # In a text of Monday to Friday the weekend lies behind, unless the clause looks ahead.
        offset = 0 if context.tense_of(match) is Tense.FUTURE else -1
    return make_reading(match, DATE, value_at(unit, base, offset), rule=f"the {name}", basis=basis)


TO_THE_DAY = frozenset({"since", "after", ".", ",", ";"})
NOT_AFTER_UNIT = frozenset(
    "of that when before after the i we you he she it they his their our 's ’s - ‐ ‑".split()
)


def read_unit_before_last(match: Match, context: Context) -> Reading | None:
    """The week before last, the year before last."""
    unit = context.unit_of(match.words("unit")[0])
    if unit not in UNKNOWN_VALUES:
        return None
    value = value_at(unit, context.day, -2)
    return make_reading(match, DATE, value, basis=context.anchor.basis)


def read_side_of_unit(match: Match, context: Context) -> Reading | None:
    """Earlier this month, later this year: the unit, and the days on that side of the anchor."""
    name, side = match.words("unit")[0], match.words("side")[0]
    unit = context.unit_of(name)
    if unit not in GRANULARITIES or unit in UNCALENDARED:
        return None
    which = (match.words("which") or ["this"])[-1]
    base, basis = context.day, context.anchor.basis
    if context.history or which in ANAPHORIC or unit == "D":
        start, start_basis = told_before(unit, context)
        base, basis = (start, start_basis) if start else (base, basis)
    offset = OFFSETS.get(which, 0)
    value = value_at(unit, base, offset)
    whole, days = days_of(value), None
    told = context.latest(Granularity.DAY) if base != context.day else None
    if whole and base and offset == 0 and (base == context.day or _is_on(told, base)):
        before, after = add_days(base, -1), add_days(base, 1)
        if side == "earlier" and before and whole[0] <= before:
            days = (whole[0], before)
        elif side == "later" and after and after <= whole[1]:
            days = (after, whole[1])
    return make_reading(
        match, DATE, value, rule=f"{side} in a {name}", days=days, basis=basis,
        modifier={"earlier": "BEFORE", "later": "AFTER"}[side], granularity=GRANULARITIES[unit],
    )  # fmt: skip


def _is_on(told: Reading | None, day: datetime.date) -> bool:
    """Say whether a date told before is that very day, so that a unit has sides around it."""
    return told is not None and told.value[:10] == day.isoformat()


def read_end_of_unit(match: Match, context: Context) -> Reading | None:
    """Year-end, year's end, month-end: the last day of the unit, of this one by default."""
    unit = context.unit_of(match.words("unit")[0])
    told, basis = told_before(unit, context) if context.history else (None, "")
    days = days_of(value_at(unit, told or context.day))
    if days is None:
        value = value_at(unit, None)
        return make_reading(match, DATE, value, rule="end of a unit", modifier="END")
    end = days[1]
    if told or context.day is None:
        return make_reading(match, DATE, end.isoformat(), rule="end of a unit", basis=basis)
    if match.before() in ("since", "from") or (
        context.tense_of(match) is Tense.PAST and (end - context.day).days > 120
    ):
        before = days_of(value_at(unit, context.day, -1))
        end = before[1] if before else end
    return make_reading(
        match, DATE, end.isoformat(), rule="end of a unit", basis=context.anchor.basis
    )


def read_full_year(match: Match, context: Context) -> Reading | None:
    """The full year, the fiscal year, this years (for this year's): the anchor's own."""
    if match.after() in ("ended", "ending"):
        return make_reading(match, DURATION, "P1Y", type="DURATION", rule="duration")
    value = value_at("Y", context.day)
    return make_reading(match, DATE, value, rule="the year", basis=context.anchor.basis)


def read_middle_of_unit(match: Match, context: Context) -> Reading | None:
    """Midyear, mid-month: the middle of the anchor's own year or month."""
    unit = context.unit_of(match.words("unit")[0]) if "unit" in match else "Y"
    return make_reading(
        match, DATE, value_at(unit, context.day), basis=context.anchor.basis, modifier="MID"
    )


WHICH = (
    "(?P<which>(?:this(?=past|coming|last|upcoming|next))?(?:last|past|next|coming|this|current"
    "|previous|following|same|that|upcoming|preceding|prior|latest|ensuing))"
)
AMOUNT = "(?P<amount>{AMOUNT}|a|an|the|another)"
RELATION = (
    "(?P<relation>ago|earlier|later|from now|from today|hence|before|after|previously|on|back"
    "|afterward|afterwards|prior|HYPHEN ago|HYPHEN earlier)"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "day word",
        "(?:the day(?:before|after))?(?P<word>today|yesterday|tomorrow)",
        read_day_word,
    ),
    Rule("day word", "(?P<word>tonight)", read_day_word),
    Rule(
        "relative unit",
        f"(?:the|that(?=same)|this(?=same))?{WHICH}(?:very|full|entire|whole)?(?:fiscal|financial|calendar|academic|school"
        "|business|trading)?(?P<unit>UNIT)",
        read_which_unit,
    ),
    Rule(
        "relative month", f"(?:the)?{WHICH}(?P<month>MONTH)(?!DAY|ORDINALNUMBER)", read_which_month
    ),
    Rule(
        "day of a relative month",
        f"(?:the)?(?P<day>{{DAYNUMBER}})of{WHICH}(?:(?P<month>MONTH)|month)",
        read_day_of_which_month,
    ),
    Rule("relative season", f"(?:the)?{WHICH}(?P<season>SEASON)", read_which_season),
    Rule(
        "units away",
        f"{AMOUNT}(?:more)?HYPHEN?(?:full|fiscal|calendar)?(?P<unit>UNIT|UNITS)"
        f"(?:(?P<half>and(?:a)half)|or so|or more)?{RELATION}",
        read_away,
    ),
    Rule(
        "units away",
        "(?P<amount>{NUMBER})HYPHEN?(?P<half>and HYPHEN?(?:a)?HYPHEN?half)HYPHEN?"
        f"(?P<unit>UNIT|UNITS){RELATION}",
        read_away,
    ),
    Rule("unit before last", "the(?P<unit>UNIT)before last", read_unit_before_last),
    Rule("the unit", "the(?P<unit>UNIT)", read_the_unit),
    Rule("middle of a unit", "mid HYPHEN?(?P<unit>year|month|week)|midyear", read_middle_of_unit),
    Rule("the year", "the(?:full|entire|whole)(?:fiscal)?year|this years", read_full_year),
    Rule("the year", "(?:the|its|their)(?:current)?(?:fiscal|financial)year", read_full_year),
    Rule(
        "side of a unit",
        "(?P<side>earlier|later)(?:in)?(?P<which>this|the|that|the same|last|next)(?P<unit>UNIT)",
        read_side_of_unit,
    ),
    Rule(
        "end of a unit", "(?P<unit>year|month|quarter)(?:HYPHEN|POSSESSIVE)?end", read_end_of_unit
    ),
)

"""Dates told from another day: today, last week, this September, two weeks ago, the next day."""

from __future__ import annotations

import datetime

from extract.mentions.timex.explicit import (
    latest_part,
    nearest_season,
    place_in_year,
    shift_season,
)
from extract.mentions.timex.grammar import Match, Rule
from extract.mentions.timex.readings import (
    DATE,
    PORTION,
    REFERENCE,
    Context,
    Reading,
    make_reading,
    read_number,
    read_ordinal,
)
from extract.mentions.timex.tense import Tense
from extract.mentions.timex.values import (
    GRANULARITIES,
    UNKNOWN_VALUES,
    Days,
    add_days,
    add_months,
    days_of,
    make_day,
    value_at,
)
from extract.records import Granularity

OFFSETS = {
    "last": -1, "past": -1, "previous": -1, "preceding": -1, "prior": -1, "next": 1, "coming": 1,
    "following": 1, "upcoming": 1, "ensuing": 1, "this": 0, "current": 0, "same": 0, "that": 0,
    "latest": 0,
}  # fmt: skip
# These reckon from what was told before, not from the day of the words.
ANAPHORIC = frozenset("that same previous following preceding prior ensuing".split())
DAY_OFFSETS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
FINER = {
    "D": (Granularity.DAY,),
    "W": (Granularity.WEEK, Granularity.DAY),
    "WE": (Granularity.DAY, Granularity.WEEK),
    "M": (Granularity.MONTH, Granularity.DAY, Granularity.WEEK),
    "Q": (Granularity.QUARTER, Granularity.MONTH),
    "Y": (Granularity.YEAR, Granularity.MONTH, Granularity.DAY, Granularity.QUARTER, Granularity.SEASON),
    "DE": (Granularity.DECADE, Granularity.YEAR, Granularity.MONTH, Granularity.DAY),
    "CE": (Granularity.CENTURY, Granularity.DECADE, Granularity.YEAR),
}  # fmt: skip


def told_before(unit: str, context: Context) -> tuple[datetime.date | None, str]:
    """Return the first day of the last date told that is no coarser than the unit, and a basis."""
    told = context.latest(*FINER.get(unit, (Granularity.DAY,)))
    days = context.days_of(told) if told else None
    if told is None or days is None:
        return None, ""
    return days[0], f"{told.value} before it"


def read_day_word(match: Match, context: Context) -> Reading | None:
    """Today, yesterday, tomorrow; the day before yesterday; this day; tonight is a part."""
    words = match.words()
    offset = DAY_OFFSETS[match.words("word")[0]]
    if "before" in words:
        offset -= 1
    elif "after" in words:
        offset += 1
    if "word" in match and match.words("word")[0] == "today" and match.after() in ("'s", "’s"):
        following = match.after(2)
        if following in ("world", "society", "standards", "youth", "generation", "modern"):
            return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")
    value = value_at("D", context.day, offset)
    if match.words("word")[0] == "tonight":
        return make_reading(
            match, DATE, f"{value}TNI", type="TIME", rule="day word", basis=context.anchor.basis
        )
    return make_reading(match, DATE, value, rule="day word", basis=context.anchor.basis)


def read_weekday(match: Match, context: Context) -> Reading | None:
    """Friday: the last up to the anchor in the past tense, the next in the future tense."""
    number = context.number_of("WEEKDAY", match.words("weekday")[0])
    raw = match.raw(match.first)
    if raw.rstrip(".").lower() in ("sun", "sat", "mon", "wed", "fri", "thu", "tue") and not (
        raw.endswith(".") or match.before() in ("on", "(", "last", "next", ",")
    ):
        return None
    if match.before() in ("black", "bloody", "good", "ash", "palm", "maundy", "cyber", "ruby"):
        return None
    beside = _day_in_brackets(match, context)
    if beside:
        return make_reading(match, DATE, beside, rule="weekday of the date beside it")
    base, basis = _weekday_base(context)
    if base is None:
        return make_reading(match, DATE, f"XXXX-WXX-{number}", rule="weekday")
    if context.history and base != context.day:
        day = add_days(base, (number - base.isoweekday()) % 7)
        rule = "weekday after the day told before"
    elif context.tense_of(match) is Tense.FUTURE:
        day = add_days(base, (number - base.isoweekday()) % 7)
        rule = "weekday, future tense"
    else:
        day = add_days(base, -((base.isoweekday() - number) % 7))
        rule = "weekday, past tense"
    value = day.isoformat() if day else f"XXXX-WXX-{number}"
    return make_reading(match, DATE, value, rule=rule, basis=basis)


def _weekday_base(context: Context) -> tuple[datetime.date | None, str]:
    if context.history or context.day is None:
        told = context.latest(Granularity.DAY)
        days = context.days_of(told) if told else None
        if told and days:
            return days[0], f"{told.value} before it"
    return context.day, context.anchor.basis


def _day_in_brackets(match: Match, context: Context) -> str | None:
    """Return the day of "Thursday (October 23rd)", where the bracket tells it."""
    place = match.end
    words = match.tokens.lowers
    if place + 3 >= len(words) or words[place] != "(":
        return None
    months = context.lexicon.classes["MONTH"]
    pair = words[place + 1 : place + 3]
    month, day = None, None
    for word in pair:
        if word in months:
            month = int(months[word])
        else:
            day = read_ordinal([word]) if word[:1].isdigit() else None
    if month is None or day is None or context.day is None:
        return None
    number = context.number_of("WEEKDAY", match.words("weekday")[0])
    year, _, _ = place_in_year(match, context, month, day, number)
    result = make_day(year, month, day) if year else None
    return result.isoformat() if result else None


def read_which_weekday(match: Match, context: Context) -> Reading | None:
    """Last Tuesday, next Friday, this Thursday, the following Monday, the previous Friday."""
    number = context.number_of("WEEKDAY", match.words("weekday")[0])
    word = match.words("which")[-1]
    base, basis = context.day, context.anchor.basis
    if word in ANAPHORIC:
        told, told_basis = told_before("D", context)
        if told:
            base, basis = told, told_basis
    if base is None:
        return make_reading(match, DATE, f"XXXX-WXX-{number}", rule="weekday")
    back = (base.isoweekday() - number) % 7
    ahead = (number - base.isoweekday()) % 7
    if OFFSETS[word] < 0:
        day = add_days(base, -(back or 7))
    elif OFFSETS[word] > 0:
        day = add_days(base, ahead or 7)
    elif word in ("that", "same"):
        day = add_days(base, -back)
    else:
        # "this Friday" lies in this week, or ahead unless the clause looks back.
        day = add_days(base, -back if context.tense_of(match) is Tense.PAST and back else ahead)
    value = day.isoformat() if day else f"XXXX-WXX-{number}"
    return make_reading(match, DATE, value, rule=f"{word} weekday", basis=basis)


def read_weekday_of_week(match: Match, context: Context) -> Reading | None:
    """Tuesday last week, Monday of next week, Friday this week."""
    number = context.number_of("WEEKDAY", match.words("weekday")[0])
    offset = OFFSETS[match.words("which")[-1]]
    if context.day is None:
        return make_reading(match, DATE, f"XXXX-WXX-{number}", rule="weekday of a week")
    day = add_days(context.day, 7 * offset + number - context.day.isoweekday())
    value = day.isoformat() if day else f"XXXX-WXX-{number}"
    return make_reading(match, DATE, value, rule="weekday of a week", basis=context.anchor.basis)


def read_which_unit(match: Match, context: Context) -> Reading | None:
    """Last week, this month, next year, that day, the same year, the following week."""
    unit = context.unit_of(match.words("unit")[0])
    word = match.words("which")[-1]
    if unit in ("S", "TM", "H", "ME"):
        if word in ("this", "that") or unit == "ME":
            return None
        return make_reading(match, DATE, "XXXX-XX-XXTXX", type="TIME", rule=f"{word} {unit}")
    if (
        match.words()[0] == "the"
        and word in ("last", "past")
        and unit in ("D", "W", "M", "Y", "DE", "CE", "Q")
    ):
        return _read_past_unit(match, context, unit, word)
    if unit == "F":
        return make_reading(
            match,
            DATE,
            value_at("W", context.day, 2 * OFFSETS[word]),
            rule=f"{word} fortnight",
            basis=context.anchor.basis,
        )
    if unit == "Q" and word in ("latest", "same", "that", "current"):
        return read_the_quarter(match, context)
    base, basis = context.day, context.anchor.basis
    if word in ANAPHORIC:
        told, told_basis = told_before(unit, context)
        if told is None and word in ("that", "same"):
            return make_reading(
                match, DATE, UNKNOWN_VALUES[unit], rule=f"{word} {match.words('unit')[0]}"
            )
        if told is None and unit == "D":
            return make_reading(match, DATE, UNKNOWN_VALUES[unit], rule=f"{word} day")
        if told:
            base, basis = told, told_basis
    elif word == "next" and unit == "D":
        told, told_basis = told_before(unit, context)
        base, basis = (told, told_basis) if told else (base, basis)
    value = value_at(unit, base, OFFSETS[word])
    return make_reading(match, DATE, value, rule=f"{word} {match.words('unit')[0]}", basis=basis)


def _read_past_unit(match: Match, context: Context, unit: str, word: str) -> Reading:
    """The past year, the last decade: a stretch up to now, valued as TimeBank does."""
    value = value_at(unit, context.day, -1)
    days: Days | None = None
    if context.day and unit in ("W", "M", "Y", "DE", "Q"):
        start = back_from(context.day, unit, 1)
        days = (start, context.day) if start else None
    return make_reading(
        match, DATE, value, rule=f"{word} {match.words('unit')[0]}", days=days,
        basis=context.anchor.basis, granularity=GRANULARITIES[unit],
    )  # fmt: skip


def back_from(day: datetime.date, unit: str, amount: int) -> datetime.date | None:
    """Return the day that lies so many units before; after, for a negative amount."""
    if abs(amount) > 100_000:
        return None
    if unit in ("D", "W", "F"):
        return add_days(day, -amount * {"D": 1, "W": 7, "F": 14}[unit])
    months = {"M": 1, "Q": 3, "HF": 6, "Y": 12, "DE": 120, "CE": 1200}.get(unit)
    return add_months(day, -amount * months) if months else None


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
        year -= month >= base.month
    elif OFFSETS[word] > 0:
        year += month <= base.month
    elif word == "this" and context.tense_of(match) is Tense.PAST and month > base.month + 2:
        year -= 1
    value = f"{year:04d}-{month:02d}" if 1 <= year <= 9999 else f"XXXX-{month:02d}"
    return make_reading(match, DATE, value, rule=f"{word} month", basis=basis)


def read_which_season(match: Match, context: Context) -> Reading | None:
    """Last summer, this fall, next winter, this past spring, that autumn."""
    season = context.code_of("SEASON", match.words("season")[0])
    word = match.words("which")[-1]
    if context.day is None:
        return make_reading(match, DATE, f"XXXX-{season}", rule="relative season")
    if word in ANAPHORIC:
        value, basis = nearest_season(match, context, season)
        told, told_basis = told_before("Y", context)
        if told:
            value, basis = f"{told.year:04d}-{season}", told_basis
        return make_reading(match, DATE, value, rule=f"{word} season", basis=basis)
    if word == "this":
        value, basis = nearest_season(match, context, season)
        return make_reading(match, DATE, value, rule="this season", basis=basis)
    value = (
        shift_season(context.day, season, OFFSETS[word], southern=context.southern)
        or f"XXXX-{season}"
    )
    return make_reading(match, DATE, value, rule=f"{word} season", basis=context.anchor.basis)


def read_ago(match: Match, context: Context) -> Reading | None:
    """Two weeks ago, a year earlier, three days later, five months from now, 10 years on."""
    unit = context.unit_of(match.words("unit")[0])
    phrase = match.phrase("relation")
    forward = phrase not in (
        "ago",
        "earlier",
        "before",
        "previously",
        "back",
        "prior",
        "hyphen ago",
        "- ago",
        "- earlier",
    )
    anaphoric = phrase not in ("ago", "from now", "hence", "- ago", "back", "from today")
    amount = read_amount(match)
    if amount is None:
        value = "PAST_REF" if not forward else "FUTURE_REF"
        return make_reading(match, REFERENCE, value, rule="some time away")
    if phrase in ("on", "before", "prior", "back") and not _relation_stands(match, phrase):
        return None
    if unit in ("S", "TM", "H"):
        return _read_hours_away(match, context, unit, amount, forward)
    base, basis = context.day, context.anchor.basis
    if anaphoric:
        told, told_basis = told_before(unit, context)
        if told:
            base, basis = told, told_basis
        elif forward or phrase == "before":
            base, basis = None, ""
    if unit == "Y":
        quarter = context.latest(Granularity.QUARTER, within=QUARTER_REACH)
        if quarter and amount == 1 and not forward and context.days_of(quarter):
            quarter_days = context.days_of(quarter)
            if quarter_days:
                return make_reading(
                    match, DATE, value_at("Q", quarter_days[0], -4),
                    rule="the same quarter of another year", basis=f"{quarter.value} before it",
                )  # fmt: skip
    if unit == "WE":
        unit = "W"
    if unit == "F":
        unit, amount = "W", amount * 2
    if unit == "ME":
        return None
    whole = int(amount)
    if amount != whole:
        finer = {"Y": ("M", 12), "DE": ("Y", 10), "CE": ("Y", 100), "M": ("W", 4), "W": ("D", 7)}
        if unit in finer:
            unit, whole = finer[unit][0], int(amount * finer[unit][1])
    value = value_at(unit, base, whole if forward else -whole)
    return make_reading(
        match, DATE, value, rule=f"{match.words('unit')[0]} {phrase}", basis=basis,
        modifier="APPROX" if " ".join(match.words()[-2:]) == "so ago" else None,
    )  # fmt: skip


# A quarter told this many words before still lends itself to "a year earlier"; of 30, 60, 90
# and 150 words, chosen on TimeBank's value F1.
QUARTER_REACH = 90


def _relation_stands(match: Match, phrase: str) -> bool:
    """Say whether "before", "on" or "back" closes its phrase and has no date or clause after."""
    after = match.after()
    return after in (",", ".", ";", ")", "and", "but") or after.startswith("\n") or after == ""


def _read_hours_away(
    match: Match, context: Context, unit: str, amount: float, forward: bool
) -> Reading | None:
    if context.day is None:
        return make_reading(match, DATE, "XXXX-XX-XXTXX", type="TIME", rule="hours away")
    hours = float(amount) * {"S": 1 / 3600, "TM": 1 / 60, "H": 1}[unit]
    days = round(hours / 24) if hours >= 24 else 0
    value = value_at("D", context.day, days if forward else -days)
    if hours >= 24:
        return make_reading(match, DATE, value, rule="hours away", basis=context.anchor.basis)
    return make_reading(
        match, DATE, f"{value}TXX", type="TIME", rule="hours away", basis=context.anchor.basis
    )


def read_amount(match: Match) -> int | float | None:
    """Return the number of the group "amount"; 1 for "a"; None for few, several and none."""
    words = [word for word in match.words("amount") if word not in ("-", "of")]
    if not words:
        return None
    if words in (["a"], ["an"], ["one"], ["the"], ["another"]):
        return 1
    if "couple" in words:
        return 2
    if "dozen" in words:
        return 12
    if words[0] == "half":
        return 0.5
    for link in ("to", "or", "–", "—"):
        if link in words[1:]:
            words = words[: words.index(link)]
    number = read_number(words)
    if number is None:
        return None
    if "half" in match.words() and "and" in match.words():
        number += read_number(["1", "/", "2"]) or 0
    return int(number) if number.denominator == 1 else float(number)


def read_bare_ago(match: Match, context: Context) -> Reading | None:
    """Years ago, months earlier, moments later: no count, so a mere reference."""
    forward = match.words("relation")[-1] in ("later", "hence", "now", "on")
    return make_reading(
        match, REFERENCE, "FUTURE_REF" if forward else "PAST_REF", rule="some time away"
    )


def read_the_quarter(match: Match, context: Context) -> Reading | None:
    """The quarter, the latest quarter, the period: the quarter the text is about."""
    told = context.latest(Granularity.QUARTER)
    days = context.days_of(told) if told else None
    if told and days:
        return make_reading(
            match, DATE, value_at("Q", days[0]), rule="the quarter told before",
            basis=f"{told.value} before it",
        )  # fmt: skip
    if "unit" in match and match.words("unit")[0] == "period":
        return None
    if (
        match.words("which")[-1:] == ["latest"]
        or (match.words()[0] == "the"
        and "which" not in match)
    ):
        return make_reading(
            match, DATE, value_at("Q", context.day, -1), rule="the latest quarter",
            basis=context.anchor.basis,
        )  # fmt: skip
    return make_reading(
        match, DATE, value_at("Q", context.day), rule="this quarter", basis=context.anchor.basis
    )


def read_year_ago_quarter(match: Match, context: Context) -> Reading | None:
    """The year-ago quarter, the year-earlier period: the same quarter of the year before."""
    told = context.latest(Granularity.QUARTER)
    days = context.days_of(told) if told else None
    if "ordinal" in match:
        number = read_ordinal(match.words("ordinal")) or 1
        year, basis = latest_part(match, context, 3, number)
        if year is None or not year - 1 >= 1:
            return make_reading(match, DATE, f"XXXX-Q{number}", rule="the quarter a year ago")
        return make_reading(
            match, DATE, f"{year - 1:04d}-Q{number}", rule="the quarter a year ago", basis=basis
        )
    if told and days:
        return make_reading(
            match, DATE, value_at("Q", days[0], -4), rule="the quarter a year ago",
            basis=f"{told.value} before it",
        )  # fmt: skip
    return make_reading(
        match, DATE, value_at("Y", context.day, -1), rule="a year ago", basis=context.anchor.basis
    )


def read_the_unit(match: Match, context: Context) -> Reading | None:
    """The day, the week, the month, the year: the one the text is in."""
    unit = context.unit_of(match.words("unit")[0])
    after = match.after()
    if unit == "Q":
        return read_the_quarter(match, context) if match.before() in (
            "in", "for", "of", "during", "over",
        ) or context.latest(Granularity.QUARTER) else None  # fmt: skip
    if unit not in ("D", "W", "M", "Y", "WE") or after in (
        "of",
        "that",
        "when",
        "before",
        "after",
        "'s",
        "-",
    ):
        return None
    base, basis = context.day, context.anchor.basis
    if context.history:
        told, told_basis = told_before(unit, context)
        base, basis = (told, told_basis) if told else (base, basis)
    elif unit == "D":
        told_day = context.latest(Granularity.DAY, within=40)
        told_days = context.days_of(told_day) if told_day else None
        if told_day and told_days:
            base, basis = told_days[0], f"{told_day.value} before it"
    offset = 0
    if unit == "WE" and base is not None:
        # The weekend of a text written from Monday to Friday lies behind, unless it looks ahead.
        if context.tense_of(match) is Tense.FUTURE or base.isoweekday() >= 6:
            offset = 0
        else:
            offset = -1
    return make_reading(
        match, DATE, value_at(unit, base, offset), rule=f"the {match.words('unit')[0]}", basis=basis
    )


def read_earlier_unit(match: Match, context: Context) -> Reading | None:
    """Earlier this month, later this year, early this week: the unit and the side of it."""
    unit = context.unit_of(match.words("unit")[0])
    if unit not in ("W", "M", "Y", "Q", "DE", "CE", "WE", "D"):
        return None
    which = (match.words("which") or ["this"])[-1]
    base, basis = context.day, context.anchor.basis
    if context.history or which in ANAPHORIC:
        told, told_basis = told_before(unit, context)
        base, basis = (told, told_basis) if told else (base, basis)
    value = value_at(unit, base, OFFSETS.get(which, 0))
    days = days_of(value, southern=context.southern)
    side = match.words("side")[0]
    if days and base and OFFSETS.get(which, 0) == 0 and base == context.day:
        before, after = add_days(base, -1), add_days(base, 1)
        if side == "earlier" and before and days[0] <= before:
            days = (days[0], before)
        elif side == "later" and after and after <= days[1]:
            days = (after, days[1])
        else:
            days = None
    else:
        days = None
    return make_reading(
        match, DATE, value, rule=f"{side} in a {match.words('unit')[0]}", days=days, basis=basis,
        modifier={"earlier": "BEFORE", "later": "AFTER"}.get(side), granularity=GRANULARITIES[unit],
    )  # fmt: skip


def read_end_of_unit(match: Match, context: Context) -> Reading | None:
    """Year-end, year's end, month-end: the last day of the unit, the next by default."""
    unit = context.unit_of(match.words("unit")[0])
    value = value_at(unit, context.day)
    days = days_of(value)
    if days is None:
        return make_reading(match, DATE, f"{value}", rule="end of a unit", modifier="END")
    end = days[1]
    if context.day and context.tense_of(match) is Tense.PAST and (end - context.day).days > 120:
        last = days_of(value_at(unit, context.day, -1))
        end = last[1] if last else end
    return make_reading(
        match, DATE, end.isoformat(), rule="end of a unit", basis=context.anchor.basis
    )


REFERENCE_STOPS = {
    "soon": frozenset({"as", "too", "very"}),
    "now": frozenset({"until", "till", "just"}),
    "previously": frozenset(),
}


def read_reference(match: Match, context: Context) -> Reading | None:
    """Now, currently, recently, soon: the present, the past and the future unmeasured."""
    word = match.words()[-1]
    if match.before() in REFERENCE_STOPS.get(word, ()) and word == "soon":
        return None
    if (
        word == "now"
        and match.after() in ("that", "-")
        and match.before() in (".", ",", "", "“", '"')
    ):
        return None
    return make_reading(match, REFERENCE, context.code_of("REFERENCE", word), rule="reference")


PRESENT = frozenset(
    "these days|at the moment|the moment|at present|the present|the present day|right now|the current|current|this time|today".split(
        "|"
    )
)


def read_present(match: Match, context: Context) -> Reading | None:
    """These days, right now, the present time."""
    return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")


def read_past(match: Match, context: Context) -> Reading | None:
    """The past, recent years, in the past, some time ago."""
    return make_reading(match, REFERENCE, "PAST_REF", rule="past")


def read_current(match: Match, context: Context) -> Reading | None:
    """Current, of a state that lasts now."""
    return make_reading(match, REFERENCE, "PRESENT_REF", rule="present")


def read_recent(match: Match, context: Context) -> Reading | None:
    """Recent, before a noun."""
    return make_reading(match, REFERENCE, "PAST_REF", rule="past")


def read_future(match: Match, context: Context) -> Reading | None:
    """The future, the near future, the short term, future."""
    if match.words()[-1] == "future" and match.after() == "of":
        return None
    return make_reading(match, REFERENCE, "FUTURE_REF", rule="future")


def read_recent_units(match: Match, context: Context) -> Reading | None:
    """Recent years, past months, coming weeks: a stretch without measure."""
    unit = context.unit_of(match.words("unit")[0])
    if match.words("which")[0] in ("coming", "upcoming", "future", "following"):
        return make_reading(match, REFERENCE, "FUTURE_REF", rule="coming units")
    if unit in ("Y", "M", "W", "D", "DE", "CE", "Q"):
        code = {"Q": "Q"}.get(unit, unit)
        return make_reading(match, REFERENCE, f"PX{code}", type="DURATION", rule="recent units")
    return make_reading(match, REFERENCE, "PAST_REF", rule="recent units")


def read_portion(match: Match, context: Context) -> Reading | None:
    """Early, mid-, late, the end of: kept for the date that follows."""
    words = match.words()
    modifier = "MID"
    if any(word in words for word in ("early", "start", "beginning", "turn", "opening", "onset")):
        modifier = "START"
    elif any(word in words for word in ("late", "end", "close", "latter", "closing")):
        modifier = "END"
    elif "earlier" in words:
        modifier = "BEFORE"
    elif "later" in words:
        modifier = "AFTER"
    return make_reading(match, PORTION, "", modifier=modifier)


WHICH_UNIT = "(?:last|past|next|coming|this|current|previous|following|same|that|upcoming|preceding|prior|latest|ensuing)"
AMOUNT = "(?P<amount>{AMOUNT}|a|an|the|another)"
RELATION = "(?P<relation>ago|earlier|later|from now|from today|hence|before|previously|on|back|afterward|afterwards|prior|HYPHEN ago|HYPHEN earlier)"

RULES: tuple[Rule, ...] = (
    Rule(
        "day word", "(?:the day(?:before|after))?(?P<word>today|yesterday|tomorrow)", read_day_word
    ),
    Rule("day word", "(?:later|earlier)?(?P<word>tonight)", read_day_word),
    Rule("weekday", "(?P<weekday>WEEKDAY)", read_weekday),
    Rule(
        "relative weekday",
        "(?:the)?(?P<which>(?:this(?=past|coming|last|upcoming|next))?"
        + WHICH_UNIT
        + ")(?P<weekday>WEEKDAY)",
        read_which_weekday,
    ),
    Rule(
        "weekday of a week",
        "(?P<weekday>WEEKDAY)(?:of)?(?P<which>this|last|next|the following|the previous)week",
        read_weekday_of_week,
    ),
    Rule(
        "relative unit",
        "(?:the)?(?:(?:very|entire|whole)?)(?P<which>(?:this(?=past|coming|last|upcoming))?"
        + WHICH_UNIT
        + ")(?:very|full|entire|whole)?(?:fiscal|financial|calendar|academic|school|business|trading)?(?P<unit>UNIT)",
        read_which_unit,
    ),
    Rule(
        "relative month",
        "(?:the)?(?P<which>(?:this(?=past|coming|last|upcoming|next))?"
        + WHICH_UNIT
        + ")(?P<month>MONTH)",
        read_which_month,
    ),
    Rule(
        "relative season",
        "(?:the)?(?P<which>(?:this(?=past|coming|last|upcoming|next))?"
        + WHICH_UNIT
        + ")(?P<season>SEASON)",
        read_which_season,
    ),
    Rule(
        "units away",
        AMOUNT
        + "(?:more)?HYPHEN?(?:full|fiscal|calendar)?(?P<unit>UNIT|UNITS)(?:and(?:a)half|or so|or more)?"
        + RELATION,
        read_ago,
    ),
    Rule(
        "units away",
        "(?P<relation>HYPHEN)?(?P<unit>UNITS)(?P<relations>ago|earlier|later|from now)",
        lambda match, context: None,
    ),
    Rule(
        "unmeasured",
        "(?:UNITS|moments)(?P<relation>ago|earlier|later|from now|hence)",
        read_bare_ago,
    ),
    Rule(
        "unmeasured",
        "(?:a)?(?:long|short|some|little)(?:time|while)(?P<relation>ago|later)|long(?P<relations>ago)",
        lambda match, context: read_past(match, context),
    ),
    Rule(
        "the quarter a year ago",
        "(?:the|its|their)?(?:comparable|corresponding)?year HYPHEN?(?:ago|earlier)(?:fiscal)?(?P<ordinal>ORDINAL)?(?:HYPHEN)?(?:quarter|period|figure(?=SPARE))".replace(
            "|figure(?=SPARE)", ""
        ),
        read_year_ago_quarter,
    ),
    Rule("the quarter a year ago", "year HYPHEN(?:ago|earlier)", read_year_ago_quarter),
    Rule(
        "the quarter",
        "(?:the|its)(?P<which>latest|current|same|most recent)?(?:fiscal)?(?P<unit>quarter|period)",
        read_the_quarter,
    ),
    Rule("the unit", "the(?P<unit>UNIT)", read_the_unit),
    Rule(
        "part of a relative unit",
        "(?P<side>earlier|later)(?:in)?(?P<which>this|the|that|the same|last|next)(?P<unit>UNIT)",
        read_earlier_unit,
    ),
    Rule(
        "end of a unit",
        "(?:the)?(?P<unit>year|month|quarter)(?:HYPHEN|POSSESSIVE)?end",
        read_end_of_unit,
    ),
    Rule(
        "reference",
        "(?:more|very|most|until|just|only|as recently|even)?REFERENCE".replace(
            "until|just|only|as recently|even", "just(?=recently)"
        ),
        read_reference,
    ),
    Rule(
        "present",
        "these days|right now|the present|the present day|the current time|present HYPHEN day|at the moment(?=COMMA|DOT)".replace(
            "|at the moment(?=COMMA|DOT)", ""
        ),
        read_present,
    ),
    Rule("present", "current", read_current),
    Rule("past", "recent|the recent past|the distant past|the past", read_recent),
    Rule(
        "future",
        "the(?:near|foreseeable|immediate|distant|not too distant)?future|(?:near|foreseeable)future|the(?:short|near|long|medium|longer)(?:HYPHEN)?(?:term|run)|as soon as possible|future",
        read_future,
    ),
    Rule(
        "recent units",
        "(?:the)?(?:most)?(?P<which>recent|coming|upcoming|future|past)(?P<unit>UNITS)",
        read_recent_units,
    ),
    Rule(
        "portion",
        "(?:the)?(?:very)?(?:early|late|mid|middle)(?:HYPHEN)?(?:in|of|on)?(?:the(?=DECADE|DECADES|ORDINAL|ORDINALNUMBER))?"
        "|(?:the)(?:very)?(?:end|beginning|start|middle|close|turn|onset|latter part|early part|opening)of(?:the(?=DECADE))?"
        "|(?:early|late|later|earlier)(?:in|on)?"
        "|(?:end|beginning|start|close)HYPHEN?(?:of)?",
        read_portion,
    ),
)

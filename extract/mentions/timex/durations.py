"""Lengths of time and what recurs: three decades, a year and a half, every Friday, annual."""

from __future__ import annotations

from fractions import Fraction

from extract.mentions.timex.grammar import Match, Rule
from extract.mentions.timex.readings import (
    ABOUT,
    DURATION,
    SET,
    Context,
    Reading,
    make_reading,
    read_number,
)
from extract.mentions.timex.relative import back_from
from extract.mentions.timex.values import Days, add_days
from extract.records import Granularity

PREFIXES = {"S": "PT", "TM": "PT", "H": "PT"}
LETTERS = {"S": "S", "TM": "M", "H": "H", "ME": "L"}
# Words after a length that make it a measure of something else than time, or an age.
AGES_AFTER = frozenset("old older age aged".split())


def duration_value(amount: Fraction | None, unit: str) -> str:
    """Return the TIMEX3 value of an amount of a unit; X for an amount not told.

    >>> duration_value(Fraction(3, 2), "Y")
    'P1Y6M'
    """
    if unit == "WE":
        return f"P{'X' if amount is None else int(amount)}WE"
    if amount is not None and unit == "HF":
        amount, unit = amount * 6, "M"
    if amount is not None and unit == "F":
        amount, unit = amount * 2, "W"
    prefix = PREFIXES.get(unit, "P")
    letter = LETTERS.get(unit, unit)
    if amount is None:
        return f"{prefix}X{letter}"
    whole, rest = int(amount), amount - int(amount)
    if not rest:
        return f"{prefix}{whole}{letter}"
    finer = {"Y": (12, "M"), "H": (60, "M"), "TM": (60, "S"), "DE": (10, "Y"), "CE": (100, "Y")}
    if unit in ("DE", "CE"):
        total = amount * finer[unit][0]
        if total.denominator == 1:
            return f"P{int(total)}Y"
    if unit in finer:
        part = rest * finer[unit][0]
        if part.denominator == 1:
            head = f"{whole}{letter}" if whole else ""
            return f"{prefix}{head}{int(part)}{finer[unit][1]}"
    text = f"{float(amount):.3f}".rstrip("0").rstrip(".")
    return f"{prefix}{text}{letter}"


def amount_of(match: Match) -> Fraction | None:
    """Return the amount a match counts, None for one that is not told."""
    words = [word for word in match.words("amount") if word != "of"]
    if not words:
        return None
    if words[-1] in ("couple", "pair"):
        return Fraction(2)
    if words[-1] == "dozen":
        return Fraction(12)
    if words[0] in ("a", "an", "another", "the", "each", "per") and len(words) == 1:
        return Fraction(1)
    if words[0] == "half":
        return Fraction(1, 2)
    for link in ("to", "or", "–", "—"):
        if link in words[1:-1]:
            words = words[: words.index(link)]
    if "-" in words and words[-1].isdecimal() and words[0].isdecimal():
        words = words[: words.index("-")]
    if words[0] == "a":
        words = words[1:]
    number = read_number(words)
    if number is not None and "half" in match:
        number += Fraction(1, 2)
    if number is not None and "quarter" in match:
        number += Fraction(1, 4)
    return number


def read_duration(match: Match, context: Context) -> Reading | None:
    """Three years, a few weeks, two and a half hours, 10-day; never an age."""
    unit = context.unit_of(match.words("unit")[0])
    after = match.after()
    if after in AGES_AFTER or (after in ("-", "‐", "‑") and match.after(2) in AGES_AFTER):
        return None
    if match.before() in ("aged", "age", "$", "€", "£"):
        return None
    words = match.words("amount")
    if words == ["a"] or words == ["an"]:
        if not _stands_for_length(match, unit):
            return None
    value = duration_value(amount_of(match), unit)
    return make_reading(match, DURATION, value, type="DURATION", rule="duration")


def _stands_for_length(match: Match, unit: str) -> bool:
    """Say whether "a year" is a length, and not a rate ("$5 a year", "a day after")."""
    before = match.before()
    if unit in ("S", "Q"):
        return False
    if unit == "TM" and before not in (
        "for",
        "in",
        "within",
        "of",
        "about",
        "than",
        "only",
        "just",
    ):
        return False
    rate = before.isdigit() or before in (
        "million", "billion", "thousand", "dollars", "euros", "times", "once", "twice", "%", "tons",
        "tonnes", "barrels", "people", "percent", "pounds", "hours", "days", "flights", "yen", "units",
        "thrice", "cents", "marks", "francs", "trillion", "hundred", "share", "rubles", "roubles",
        "rupees", "yuan", "cars", "vehicles", "visitors", "trips", "bpd", "metres", "meters", "passengers",
    )  # fmt: skip
    if rate or (before.replace(",", "").replace(".", "").isdigit()):
        return False
    return match.after() not in ("-", "‐")


def read_whole_duration(match: Match, context: Context) -> Reading | None:
    """The last three months, the past 24 hours, the next two weeks: a length with its days."""
    unit = context.unit_of(match.words("unit")[0])
    amount = amount_of(match)
    which = match.words("which")[-1]
    days = _stretch(context, unit, amount, which)
    return make_reading(
        match, DURATION, duration_value(amount, unit), type="DURATION", rule=f"{which} units",
        days=days, granularity=Granularity.RANGE if days else None,
        basis=context.anchor.basis if days else "",
    )  # fmt: skip


def _stretch(context: Context, unit: str, amount: Fraction | None, which: str) -> Days | None:
    if (
        context.day is None
        or amount is None
        or which not in ("last", "past", "next", "coming", "previous")
    ):
        return None
    forward = which in ("next", "coming")
    if unit in ("S", "TM", "H"):
        hours = amount * {"S": Fraction(1, 3600), "TM": Fraction(1, 60), "H": Fraction(1)}[unit]
        if hours > 24 * 1000:
            return None
        count = -(-int(hours) // 24) or 1
        other = add_days(context.day, count if forward else -count)
    else:
        if unit in ("WE", "ME") or amount > 10_000:
            return None
        if amount.denominator != 1:
            finer = {
                "Y": ("M", 12),
                "DE": ("Y", 10),
                "CE": ("Y", 100),
                "M": ("W", 4),
                "W": ("D", 7),
            }
            if unit not in finer:
                return None
            unit, amount = finer[unit][0], amount * finer[unit][1]
        other = back_from(context.day, unit, -int(amount) if forward else int(amount))
    if other is None:
        return None
    return (context.day, other) if forward else (other, context.day)


def read_ordinal_duration(match: Match, context: Context) -> Reading | None:
    """The first nine months, the six months: a length."""
    unit = context.unit_of(match.words("unit")[0])
    return make_reading(
        match, DURATION, duration_value(amount_of(match), unit), type="DURATION", rule="duration"
    )


def read_bare_units(match: Match, context: Context) -> Reading | None:
    """Weeks, months, years, decades: a length without a count."""
    unit = context.unit_of(match.words("unit")[0])
    if unit in ("S", "WE", "TM", "Q"):
        return None
    before = match.before()
    if before in (
        "'s",
        "’s",
        "these",
        "-",
        "working",
        "old",
        "school",
        "those",
        "their",
        "his",
        "her",
        "our",
    ):
        return None
    return make_reading(
        match, DURATION, duration_value(None, unit), type="DURATION", rule="duration"
    )


def read_adjective_duration(match: Match, context: Context) -> Reading | None:
    """A three-decade career, the 12-month program, year-long, weeklong, monthslong."""
    word = match.words()[-1]
    if "unit" in match:
        unit = context.unit_of(match.words("unit")[0])
        amount = None if match.words("unit")[0].endswith("s") else Fraction(1)
        return make_reading(
            match, DURATION, duration_value(amount, unit), type="DURATION", rule="duration"
        )
    stem = word.removesuffix("long")
    codes = {
        "day": "P1D",
        "week": "P1W",
        "month": "P1M",
        "year": "P1Y",
        "hour": "PT1H",
        "decade": "P1DE",
        "century": "P1CE",
    }
    plural = {
        "days": "PXD",
        "weeks": "PXW",
        "months": "PXM",
        "years": "PXY",
        "hours": "PTXH",
        "decades": "PXDE",
        "centuries": "PXCE",
    }
    value = codes.get(stem) or plural.get(stem)
    return make_reading(match, DURATION, value, type="DURATION", rule="duration") if value else None


def read_every(match: Match, context: Context) -> Reading | None:
    """Every Friday, each year, every two weeks, every October, every weekday morning."""
    if "weekday" in match:
        number = context.number_of("WEEKDAY", match.words("weekday")[0])
        value = f"XXXX-WXX-{number}"
        if "part" in match:
            value += context.code_of("PART", match.words("part")[0])
    elif "month" in match:
        value = f"XXXX-{context.number_of('MONTH', match.words('month')[0]):02d}"
    elif "season" in match:
        value = f"XXXX-{context.code_of('SEASON', match.words('season')[0])}"
    elif "part" in match:
        value = f"XXXX-XX-XX{context.code_of('PART', match.words('part')[0])}"
    else:
        unit = context.unit_of(match.words("unit")[0])
        amount = amount_of(match) if "amount" in match else Fraction(1)
        if "other" in match:
            amount = Fraction(2)
        value = duration_value(amount, unit)
        if unit == "S":
            return None
    return make_reading(match, SET, value, type="SET", rule="every")


def read_recurring(match: Match, context: Context) -> Reading | None:
    """Daily, weekly, annual, twice a week."""
    word = match.words()[-1]
    if match.raw(match.first)[:1].isupper() and match.raw(match.end)[:1].isupper():
        return None  # "the Daily Mail", "the Annual Meeting"
    if match.raw(match.end - 1)[:1].isupper() and match.raw(match.first - 1)[:1].isupper():
        return None  # "China Daily"
    return make_reading(
        match, SET, context.code_of("RECURRING", word), type="SET", rule="recurring"
    )


def read_rate(match: Match, context: Context) -> Reading | None:
    """Twice a week, three times a year, once every two months."""
    unit = context.unit_of(match.words("unit")[0])
    return make_reading(match, SET, duration_value(Fraction(1), unit), type="SET", rule="rate")


def read_weekdays(match: Match, context: Context) -> Reading | None:
    """Mondays, Tuesday nights, summers: what recurs."""
    if "weekdays" in match:
        value = f"XXXX-WXX-{context.number_of('WEEKDAYS', match.words('weekdays')[0])}"
    elif "weekday" in match:
        part = context.code_of("PARTS", match.words("parts")[0])
        value = f"XXXX-WXX-{context.number_of('WEEKDAY', match.words('weekday')[0])}{part}"
    else:
        value = "XXXX-WXX-WE"
    return make_reading(match, SET, value, type="SET", rule="recurring")


ABOUT_WORDS = {
    "less": "LESS_THAN", "under": "LESS_THAN", "almost": "APPROX", "nearly": "APPROX", "most": None,
    "more": "MORE_THAN", "over": "MORE_THAN", "than": None, "least": "EQUAL_OR_MORE",
    "up": "EQUAL_OR_LESS", "within": "EQUAL_OR_LESS",
}  # fmt: skip


def read_about(match: Match, context: Context) -> Reading | None:
    """About, nearly, more than, at least: kept for what follows."""
    words = match.words()
    modifier = "APPROX"
    if "least" in words:
        modifier = "EQUAL_OR_MORE"
    elif (
        "most" in words
        or words[:2] == ["up", "to"]
        or words[:2] == ["as", "much"]
        or words[:2] == ["no", "more"]
    ):
        modifier = "EQUAL_OR_LESS"
    elif words[0] == "no" or words[:2] == ["as", "long"]:
        modifier = "EQUAL_OR_MORE"
    elif "less" in words or "fewer" in words or "under" in words:
        modifier = "LESS_THAN"
    elif "more" in words or "over" in words:
        modifier = "MORE_THAN"
    return make_reading(match, ABOUT, "", modifier=modifier)


QUALITY = "(?:full|additional|more|consecutive|straight|solid|trading|business|working|calendar|fiscal|long|whole|successive|further|extra)"
AMOUNT = "(?P<amount>{AMOUNT})"
WHICH = "(?P<which>last|past|next|coming|previous|following|preceding|first|final|initial|opening|latest|closing|recent|remaining|other|same|these|those|prior|this|this past)"

RULES: tuple[Rule, ...] = (
    Rule(
        "duration",
        AMOUNT + QUALITY + "?HYPHEN?(?P<unit>UNIT|UNITS)(?:(?P<half>and(?:a)half)|or so|or more)?",
        read_duration,
    ),
    Rule(
        "duration",
        AMOUNT.replace("{AMOUNT}", "{NUMBER}") + "(?P<half>and(?:a)half)(?P<unit>UNIT|UNITS)",
        read_duration,
    ),
    Rule(
        "duration",
        "(?P<amount>a|an|another)"
        + QUALITY
        + "?(?P<unit>UNIT)(?:(?P<half>and(?:a)half)|or so|or more|or two)?",
        read_duration,
    ),
    Rule("duration", "(?P<amount>half)(?:HYPHEN)?(?:a|an)?HYPHEN?(?P<unit>UNIT)", read_duration),
    Rule(
        "whole duration",
        "(?:the|these|those|its|their|his)?"
        + WHICH
        + AMOUNT
        + QUALITY
        + "?HYPHEN?(?P<unit>UNIT|UNITS)(?:(?P<half>and(?:a)half)|or so|or more)?",
        read_whole_duration,
    ),
    Rule(
        "whole duration", "(?:the)" + AMOUNT + QUALITY + "?(?P<unit>UNITS)", read_ordinal_duration
    ),
    Rule("bare units", "(?P<unit>UNITS)", read_bare_units),
    Rule(
        "adjective duration",
        "(?P<unit>UNIT|UNITS)HYPHEN long|daylong|weeklong|monthlong|yearlong|hourlong|decadelong|centurylong|dayslong|weekslong|monthslong|yearslong|hourslong|decadeslong|centurieslong",
        read_adjective_duration,
    ),
    Rule(
        "every",
        "(?:each|every|any)(?:single)?(?:(?P<weekday>WEEKDAY)(?P<part>PART)?|(?P<month>MONTH)|(?P<season>SEASON)|(?P<unit>UNIT)|(?P<amount>{AMOUNT})(?P<units>UNITS)|(?P<other>other)(?P<unitb>UNIT)|(?P<partb>PART))".replace(
            "(?P<other>other)(?P<unitb>UNIT)|", ""
        )
        .replace("(?P<amount>{AMOUNT})(?P<units>UNITS)|", "")
        .replace("partb", "parted")
        .replace("|(?P<parted>PART)", "")
        .replace("|any", ""),
        read_every,
    ),
    Rule("every", "(?:each|every)(?P<amount>{AMOUNT})(?P<unit>UNITS)", read_every),
    Rule("every", "every(?P<other>other)(?P<unit>UNIT)", read_every),
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
    Rule(
        "about",
        "(?:just|only)?(?:about|around|approximately|roughly|some|nearly|almost|well over|over|under|up to|at least|at most|more than|less than|fewer than|no more than|no less than|as much as|as long as|as many as|circa|an estimated|a little over|a little more than|just over|just under|a maximum of|a minimum of)",
        read_about,
    ),
)

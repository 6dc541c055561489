"""Times of the day: 3:46 pm, 1830 GMT, noon, this morning, last night, overnight."""

from __future__ import annotations

import re

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import OFFSETS, told_before
from extract.mentions.timexes.readings import CLOCK, PART, Context, Reading, make_reading
from extract.mentions.timexes.values import add_days, value_at
from extract.records import Granularity

CLOCK_LEADS = frozenset(
    """
    at by around about from until till since before after between to approximately near nearly , (
    on and of
    """.split()
)


def clock_value(hour: int, minute: int, second: int | None, meridiem: str) -> str | None:
    """Return T15:46 for the numbers of a clock, None where no clock shows them."""
    if meridiem:
        if not 1 <= hour <= 12:
            if hour > 23:
                return None
        else:
            hour = hour % 12 + (12 if meridiem.startswith("p") else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    tail = f":{second:02d}" if second is not None else ""
    return f"T{hour:02d}:{minute:02d}{tail}"


def _reading(match: Match, context: Context, clock: str, rule: str, kind: str = CLOCK) -> Reading:
    base, basis = context.day, context.anchor.basis
    told = context.latest(Granularity.DAY, within=30)
    days = context.days_of(told) if told else None
    if told and days:
        base, basis = days[0], f"{told.value} before it"
    day = value_at("D", base)
    return make_reading(
        match, kind, f"{day}{clock}", type="TIME", rule=rule, basis=basis,
        zone=_zone_of(match, context),
        digression=True,
    )  # fmt: skip


def _zone_of(match: Match, context: Context) -> str:
    words = match.words("zone") or match.words("bracketed")
    return context.code_of("ZONE", words[0]) if words else ""


def read_clock(match: Match, context: Context) -> Reading | None:
    """3:46 pm, 15:30 GMT, 18:30: bare ones only after a word that leads to a time."""
    numbers = [int(part) for part in re.split(r"[:.]", match.words("clock")[0])]
    meridiem = match.words("meridiem")[0] if "meridiem" in match else ""
    if not meridiem and not _zone_of(match, context):
        before = match.before()
        if before not in CLOCK_LEADS and not before.startswith("\n") and before != "":
            return None
    second = numbers[2] if len(numbers) > 2 else None
    clock = clock_value(numbers[0], numbers[1], second, meridiem)
    if clock is None:
        return None
    return _reading(match, context, clock, "clock")


def read_hour(match: Match, context: Context) -> Reading | None:
    """5 p.m., 10 am GMT, five o'clock in the afternoon."""
    words = match.words("hour")
    spelled = not words[0].isdecimal()
    hour = context.number_of("CARDINAL", words[0]) if spelled else int(words[0])
    meridiem = match.words("meridiem")[0] if "meridiem" in match else ""
    if not 0 <= hour <= 24 or (meridiem and not 1 <= hour <= 12):
        return None
    if "part" in match and 1 <= hour < 12:
        part = context.code_of("PART", match.words("part")[0])
        meridiem = "am" if part == "TMO" or (part == "TNI" and hour < 6) else "pm"
    clock = clock_value(hour, 0, None, meridiem)
    if clock is None:
        return None
    return _reading(match, context, clock, "clock")


def read_spoken_clock(match: Match, context: Context) -> Reading | None:
    """Half past ten, quarter to three: the morning's, where no word tells the other."""
    word = match.words("hour")[0]
    hour = int(word) if word.isdecimal() else context.number_of("CARDINAL", word)
    minutes = {"half": 30, "quarter": 15}[match.words("minutes")[0]]
    if match.words("side") == ["to"]:
        if minutes == 30:
            return None
        hour, minutes = hour - 1, 60 - minutes
    if not 0 <= hour <= 12:
        return None
    meridiem = match.words("meridiem")[0] if "meridiem" in match else ""
    clock = clock_value(hour or 12, minutes, None, meridiem)
    return _reading(match, context, clock, "clock") if clock else None


def read_military(match: Match, context: Context) -> Reading | None:
    """1830 GMT, 0600 hours."""
    digits = match.words("time")[0]
    if match.end - match.first == 1:
        return None
    clock = clock_value(int(digits[:2]), int(digits[2:]), None, "")
    if clock is None:
        return None
    return _reading(match, context, clock, "clock")


def read_instant(match: Match, context: Context) -> Reading | None:
    """Noon, midnight."""
    clock = context.code_of("INSTANT", match.words("instant")[0])
    return _reading(match, context, clock, "clock")


def read_part(match: Match, context: Context) -> Reading | None:
    """This morning, last night, that evening, the next morning, the afternoon; a bare part."""
    part = context.code_of("PART", match.words("part")[0])
    if "which" not in match:
        return _reading(match, context, part, "bare part", PART)
    word = match.words("which")[-1]
    base, basis = context.day, context.anchor.basis
    offset = OFFSETS.get(word, 0)
    if word in ("that", "same", "previous", "following", "next", "preceding"):
        told, told_basis = told_before("D", context, forward=offset > 0)
        if told:
            base, basis = told, told_basis
    if word == "the":
        told, told_basis = told_before("D", context)
        if told and context.latest(Granularity.DAY, within=40):
            base, basis = told, told_basis
    if word == "last" and part != "TNI":
        offset = -1
    day = value_at("D", base, offset)
    return make_reading(
        match, PART if word == "the" else CLOCK, f"{day}{part}", type="TIME",
        rule=f"{word} part of a day", basis=basis,
    )  # fmt: skip


def read_mid_part(match: Match, context: Context) -> Reading | None:
    """Mid-afternoon: a part of the day told before, or of the anchor's."""
    part = context.code_of("PART", match.words("part")[0])
    return _reading(match, context, part, "part of a day")


def read_overnight(match: Match, context: Context) -> Reading | None:
    """Overnight: the night before the words were written, from one day into the next."""
    day = value_at("D", context.day)
    before = add_days(context.day, -1) if context.day else None
    days = (before, context.day) if before and context.day else None
    return make_reading(
        match, CLOCK, f"{day}TNI", type="TIME", rule="overnight", basis=context.anchor.basis,
        days=days,
    )  # fmt: skip


ZONE = (
    "(?:OPEN(?P<bracketed>ZONE)CLOSE|(?P<zone>ZONE)(?:time)?|"
    "(?:local|moscow|(?:eastern|central|mountain|pacific)(?:standard|daylight|summer)?)time"
    # Which hour of the two these are hangs on the season: they have no offset.
    "|et|ct|pt)?"
)

RULES: tuple[Rule, ...] = (
    Rule("clock", f"(?P<clock>CLOCK)(?P<meridiem>MERIDIEM)?{ZONE}", read_clock),
    Rule("clock", f"(?P<hour>HOUR)(?P<meridiem>MERIDIEM){ZONE}", read_hour),
    Rule("clock", "(?P<hour>HOUR|CARDINAL)o QUOTE clock(?:in the(?P<part>PART))?", read_hour),
    Rule(
        "clock",
        "(?:a)?(?P<minutes>half|quarter)(?P<side>past|to)(?P<hour>HOUR|CARDINAL)"
        f"(?!UNITS|PARTS)(?P<meridiem>MERIDIEM)?{ZONE}",
        read_spoken_clock,
    ),
    Rule("clock", f"(?P<time>MILITARY)(?:hours|hrs)?{ZONE}", read_military),
    Rule("clock", "(?:the)?(?P<instant>INSTANT)", read_instant),
    Rule("bare part", "(?P<part>PART)", read_part),
    Rule("bare part", "(?:the)?(?:early|late|wee|predawn)?(?P<part>PART)hours", read_part),
    Rule("part of a day", "mid HYPHEN?(?P<part>PART)", read_mid_part),
    Rule(
        "part of a day",
        "(?P<which>this|that|last|the|the next|the following|the previous|the same|next|previous)"
        "(?:mid HYPHEN?|early|late)?(?P<part>PART)",
        read_part,
    ),
    Rule("overnight", "overnight", read_overnight),
)

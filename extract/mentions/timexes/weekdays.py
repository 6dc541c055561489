"""Days of the week: Friday, last Tuesday, Monday of next week."""

from __future__ import annotations

import datetime

from extract.mentions.timexes.grammar import Match, Rule
from extract.mentions.timexes.placing import (
    ANAPHORIC,
    OFFSETS,
    basis_of,
    place_in_year,
    told_before,
)
from extract.mentions.timexes.readings import DATE, Context, Reading, make_reading, read_ordinal
from extract.mentions.timexes.relative import WHICH
from extract.mentions.timexes.tense import Tense, tense_around
from extract.mentions.timexes.values import add_days, make_day
from extract.records import Granularity

# Short forms that are also words or names ("Sun", "Sat"), unless a dot or a lead tells.
SHORT = frozenset("sun sat mon wed fri thu tue".split())
SHORT_LEADS = frozenset("on ( last next".split())
# "Black Friday", "Bloody Sunday", "Good Friday": names, read as such or not at all.
NAMED = frozenset("black bloody good ash palm maundy cyber ruby super holy".split())


# A weekday reaches no further back than this in the news itself.
DAYS_OF_NEWS = 31
PAPERS = frozenset("times telegraph mail mirror herald express post independent star".split())


def _number_of(match: Match, context: Context) -> int:
    return context.number_of("WEEKDAY", match.words("weekday")[0])


def _is_weekday(match: Match) -> bool:
    raw = match.raw(match.groups["weekday"][0])
    if raw.lower() in SHORT:
        return match.before() in SHORT_LEADS
    paper = match.raw(match.end)[:1].isupper() and match.after() in PAPERS
    return match.before() not in NAMED and not paper


def _reading(
    match: Match, number: int, day: datetime.date | None, rule: str, basis: str
) -> Reading:
    value = day.isoformat() if day else f"XXXX-WXX-{number}"
    return make_reading(match, DATE, value, rule=rule, basis=basis if day else "")


def read_weekday(match: Match, context: Context) -> Reading | None:
    """Friday: the last up to the anchor in the past tense, the next in the future tense."""
    number = _number_of(match, context)
    if not _is_weekday(match):
        return None
    beside = _day_in_brackets(match, context, number)
    if beside:
        return _reading(
            match, number, beside, "weekday of the date beside it", "the date beside it"
        )
    if context.history or context.day is None:
        told = context.latest(Granularity.DAY, within=context.reach)
        days = context.days_of(told) if told else None
        if told and days and not _is_of_these_days(context, days[0]):
            day = add_days(days[0], (number - days[0].isoweekday()) % 7)
            return _reading(match, number, day, "weekday after the day told", basis_of(told))
    if context.day is None:
        return _reading(match, number, None, "weekday", "")
    if _tense_of(match, context) is Tense.FUTURE:
        day = add_days(context.day, (number - context.day.isoweekday()) % 7)
        return _reading(match, number, day, "weekday, future tense", context.anchor.basis)
    day = add_days(context.day, -((context.day.isoweekday() - number) % 7))
    return _reading(match, number, day, "weekday, past tense", context.anchor.basis)


def _is_of_these_days(context: Context, day: datetime.date) -> bool:
    """Say whether a story has come to the days of its telling: "She died on Monday"."""
    return context.day is not None and abs((context.day - day).days) <= DAYS_OF_NEWS


def _tense_of(match: Match, context: Context) -> Tense | None:
    """Return the clause's tense; "Thursday's attack" is past unless the words beside it look on."""
    if match.after() not in ("'s", "’s"):
        return context.tense_of(match)
    if (match.before(2), match.before()) == ("ahead", "of"):
        return Tense.FUTURE
    if match.before() in ("before", "for", "until"):
        return context.tense_of(match)
    return tense_around(match.tokens, match.end, match.end, back=False)


def _day_in_brackets(match: Match, context: Context, number: int) -> datetime.date | None:
    """Return the day of "Thursday (October 23rd)", where a bracket tells it."""
    words, place = match.tokens.lowers, match.end
    if match.after() != "(" or context.day is None:
        return None
    months, month, day = context.lexicon.classes["MONTH"], 0, 0
    for word in words[place + 1 : place + 3]:
        if word in months:
            month = int(months[word])
        elif word[:1].isdigit():
            day = read_ordinal([word]) or 0
    if not month or not 1 <= day <= 31:
        return None
    year, _, _ = place_in_year(match, context, month, day, number)
    return make_day(year, month, day) if year else None


def read_which_weekday(match: Match, context: Context) -> Reading | None:
    """Last Tuesday, next Friday, this Thursday, the following Monday, the previous Friday."""
    if not _is_weekday(match):
        return None
    number, word = _number_of(match, context), match.words("which")[-1]
    base, basis = context.day, context.anchor.basis
    if word in ANAPHORIC:
        told, told_basis = told_before("D", context)
        base, basis = (told, told_basis) if told else (base, basis)
    if base is None:
        return _reading(match, number, None, "weekday", "")
    back, ahead = (base.isoweekday() - number) % 7, (number - base.isoweekday()) % 7
    if OFFSETS[word] < 0:
        days = -(back or 7)
    elif OFFSETS[word] > 0:
        days = ahead or 7
    elif word in ("that", "same"):
        days = -back
    else:
        # "this Friday" is ahead, unless the clause looks back.
        days = -back if context.tense_of(match) is Tense.PAST else ahead
    return _reading(match, number, add_days(base, days), f"{word} weekday", basis)


def read_weekday_of_week(match: Match, context: Context) -> Reading | None:
    """Tuesday last week, Monday of next week, Friday this week."""
    number, offset = _number_of(match, context), OFFSETS[match.words("which")[-1]]
    base, basis = context.day, context.anchor.basis
    if match.words("which")[-1] in ANAPHORIC:
        told, told_basis = told_before("D", context)
        base, basis = (told, told_basis) if told else (base, basis)
    day = add_days(base, 7 * offset + number - base.isoweekday()) if base else None
    return _reading(match, number, day, "weekday of a week", basis)


RULES: tuple[Rule, ...] = (
    Rule("weekday", "(?P<weekday>WEEKDAY)", read_weekday),
    Rule("relative weekday", f"(?:the)?{WHICH}(?P<weekday>WEEKDAY)", read_which_weekday),
    Rule(
        "weekday of a week",
        "(?P<weekday>WEEKDAY)(?:of)?(?P<which>this|last|next|the following|the previous|that)week",
        read_weekday_of_week,
    ),
)

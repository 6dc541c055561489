"""Find time expressions in news and say which days they mean.

    text -> tokens with kinds -> matches of the rules -> readings, left to right
         -> neighbours joined ("late" + "Friday", "5 p.m." + "Wednesday") -> Timexes

Pure text, no parser: the tense of a clause is told by light rules over its words. The parts
are in `extract.mentions.timexes`; docs/timexes.md says what is read and how.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from extract.mentions.timexes import (
    clock,
    counted,
    dates,
    durations,
    named,
    quarters,
    references,
    relative,
    weekdays,
    years,
)
from extract.mentions.timexes.anchors import (
    Anchor,
    find_anchor,
    is_southern,
    puts_day_first,
    tells_history,
)
from extract.mentions.timexes.grammar import Grammar
from extract.mentions.timexes.joining import give_days_to_clocks, join_neighbours, join_ranges
from extract.mentions.timexes.readings import ABOUT, PART, PORTION, Context, Reading
from extract.mentions.timexes.tokens import Tokens, read_lexicon, tokenize
from extract.mentions.timexes.values import edtf_of, granularity_of, portion_of
from extract.records import Span, Timex


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """Return all rules, compiled once."""
    rooms = (dates, years, quarters, relative, weekdays, references, durations, clock, counted)
    rules = [*named.RULES, named.make_holiday_rule()]
    rules += [rule for room in rooms for rule in room.RULES]
    return Grammar(rules, read_lexicon())


def find_timexes(
    text: str,
    *,
    published: datetime.date | None = None,
    narrated: datetime.date | None = None,
) -> list[Timex]:
    """Return the time expressions of a text in their order, none overlapping.

    `published` anchors relative expressions; without it, and without a full dateline in the
    text, they keep TIMEX3 values with X for what is not known, and no days. `narrated` is a
    day that the text's own story stands at, where the caller knows it (a court report, a
    history): bare months and weekdays are then reckoned from what the text tells, starting
    there. None lets the text decide. Never raises on any text or date.
    """
    grammar = load_grammar()
    tokens = tokenize(text, grammar.alphabet)
    anchor = find_anchor(text, published)
    if narrated is not None:
        anchor = Anchor(narrated, f"narrated from {narrated.isoformat()}")
    context = Context(
        tokens=tokens,
        anchor=anchor,
        history=narrated is not None or tells_history(tokens, anchor),
        narrated=narrated is not None,
        day_first=puts_day_first(text),
        southern=is_southern(tokens),
    )
    _read_all(grammar, tokens, context)
    join_ranges(context)
    give_days_to_clocks(context)
    return [
        _as_timex(reading, context)
        for reading in context.readings
        if reading.kind not in (PORTION, ABOUT) and not _is_bare_part(reading, tokens)
    ]


def _read_all(grammar: Grammar, tokens: Tokens, context: Context) -> None:
    """Read matches from left to right; the first that makes sense of a place keeps it."""
    for match in grammar.find(tokens):
        if match.first < context.position:
            continue
        context.position = match.first
        reading = match.rule.read(match, context)
        if not isinstance(reading, Reading):
            continue
        context.readings.append(reading)
        context.position = reading.end
        join_neighbours(context)


def _is_bare_part(reading: Reading, tokens: Tokens) -> bool:
    """Say whether it is a "morning" or "night" that no day took up: a noun, not a time."""
    if reading.kind != PART or (reading.modifier and tokens.lowers[reading.end - 2] == "the"):
        return False  # "late in the afternoon" can be no noun
    if tokens.lowers[reading.end : reading.end + 1] == ["of"]:
        return True
    lead = tokens.lowers[reading.first - 1] if reading.first else ""
    return reading.rule == "bare part" or lead not in PART_LEADS


# "in the morning" is a time, "the night" alone may be a noun.
PART_LEADS = frozenset("in during for into through on by until since that of".split())


def _as_timex(reading: Reading, context: Context) -> Timex:
    tokens = context.tokens
    start, end = tokens.starts[reading.first], tokens.ends[reading.end - 1]
    days = context.days_of(reading)
    granularity = reading.granularity or granularity_of(reading.value)
    if days and reading.modifier in ("START", "MID", "END") and reading.days is None:
        days = portion_of(days, granularity, reading.modifier, reading.phrase)
    if reading.type == "SET":
        days = None
    return Timex(
        span=Span(start, end),
        text=context.tokens.text[start:end],
        type=reading.type,
        value=reading.value,
        start=days[0] if days else None,
        end=days[1] if days else None,
        granularity=granularity if days else None,
        modifier=reading.modifier,
        edtf=edtf_of(
            reading.value, days, reading.modifier, southern=context.southern, zone=reading.zone
        ),
        rule=reading.rule,
        basis=reading.basis,
    )

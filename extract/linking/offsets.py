"""How long before or after what its sentence tells an event was: "three days after troops entered".

The clause or noun after "after" is dated by the count, reckoned from the day of the clause above.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from spacy.tokens import Token

from extract.language import Sentence
from extract.records import Granularity, Span, Timex

COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "twenty": 20,
}  # fmt: skip
OFFSET = re.compile(
    r"(?i)(?<!than )\b(?P<count>\d{1,2}|" + "|".join(COUNTS) + r") "
    r"(?P<unit>hour|day|week|month|year)s? (?P<side>after|before)\b"
)
# Clauses that describe what the offset's clause names, at some other time.
DESCRIBING = frozenset({"acl", "acl:relcl", "relcl"})
# A count of weeks or months is round: days to either side, and days in one.
ROUND = {"week": (3, 7), "month": (10, 30)}
GRANULARITIES = {"week": Granularity.WEEK, "month": Granularity.MONTH}


@dataclass(frozen=True, slots=True)
class Offset:
    """A count of time that parts a trigger's day from that of the clause above.

    `side` is -1 where the trigger was earlier, 1 where it was later; `governor` is the head of
    the clause or noun phrase that the count dates.
    """

    count: int
    unit: str
    side: int
    governor: Token
    span: Span


def find_offset(sentence: Sentence, trigger: Token) -> Offset | None:
    """Return the offset that dates a trigger, None where the sentence gives none."""
    for match in OFFSET.finditer(sentence.text):
        start = match.start("side")
        joint = next((token for token in sentence.tokens if token.idx == start), None)
        if joint is None or trigger.i < joint.i:
            continue
        governor = _find_governor(sentence, joint)
        if governor is None or not _hangs_on(trigger, governor):
            continue
        word = match["count"].lower()
        return Offset(
            count=COUNTS.get(word) or int(word),
            unit=match["unit"].lower(),
            side=-1 if match["side"].lower() == "after" else 1,
            governor=governor,
            span=Span(sentence.span.start + match.start(), sentence.span.start + match.end()),
        )
    return None


def _find_governor(sentence: Sentence, joint: Token) -> Token | None:
    """Return the verb or noun that "after" introduces: the highest above it up to a comma.

    The parser takes "a day after a cutter rammed" for a phrase on "cutter" as often as not.
    """
    commas = [token.i for token in sentence.tokens if token.text == "," and token.i > joint.i]
    end = commas[0] if commas else len(sentence.tokens)
    above = [token for token in joint.ancestors if joint.i < token.i < end]
    return above[-1] if above else None


def _hangs_on(token: Token, governor: Token) -> bool:
    """Say whether a token belongs to the governor's own clause or to one joined with it."""
    while token.i != governor.i:
        if token.dep_ in DESCRIBING or token.head.i == token.i:
            return False
        token = token.head
    return True


def reckon(offset: Offset, base: Timex) -> tuple[datetime.date, datetime.date, Granularity] | None:
    """Return the first and last day and the granularity.

    None where the base is too vague, or the day lies outside the calendar.
    """
    if base.start is None or base.end is None:
        return None
    try:
        return _count(offset, base.start, base.end)
    except (ValueError, OverflowError):
        return None


def _count(
    offset: Offset, start: datetime.date, end: datetime.date
) -> tuple[datetime.date, datetime.date, Granularity] | None:
    if offset.unit == "year":
        year = end.year + offset.side * offset.count
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return first, last, Granularity.YEAR
    if (end - start).days > 1:
        return None
    if offset.unit in ("hour", "day"):
        days = offset.side * offset.count if offset.unit == "day" else 0
        shift = datetime.timedelta(days)
        return start + shift, end + shift, Granularity.DAY
    around, length = ROUND[offset.unit]
    middle = start + datetime.timedelta(offset.side * offset.count * length)
    slack = datetime.timedelta(around)
    return middle - slack, middle + slack, GRANULARITIES[offset.unit]

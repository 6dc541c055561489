"""The day that a text's words are reckoned from, and what the text itself says of it.

A dateline's day ("BAKU, June 12 (Agency) -") outranks the page's stamp when it lies within a
few days before it; a text that tells of another time (history, a court report) reckons bare
months and weekdays from the dates it has told already.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from itertools import pairwise

from extract.mentions.timexes.tokens import Tokens, read_lexicon
from extract.mentions.timexes.values import make_day

MONTH_NAMES = (
    "january february march april may june july august september october november december"
).split()
MONTH = "(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# The day and the dash of a dateline; what stands before them on the line is its place.
DATELINE_DAY = re.compile(
    rf"\b(?:(?P<month>{MONTH})[A-Za-z]{{0,6}}\.?[^\S\n](?P<day>\d{{1,2}})"
    rf"|(?P<first>\d{{1,2}})[^\S\n](?P<later>{MONTH})[A-Za-z]{{0,6}}\.?)"
    r"(?:,?[^\S\n]*(?P<year>[12]\d{3}))?[^\S\n]*,?[^\S\n]*"
    r"(?:\([^()\n]{2,40}\)|/[^/\n]{2,30}/|[A-Z]{2,12})?[^\S\n]*(?:--|-|–|—|:)"
)
DATELINE_PLACE = re.compile(
    r"[^\S\n]*(?P<place>[^\W\d_a-z][^\n\d,()]{1,40})(?:,[^\S\n]*[^\W\d_][^\n\d,()]{1,30})?"
    r"[^\S\n]*(?:\([^()\n]{2,30}\))?[^\S\n]*[,.:/–—-]?[^\S\n]*"
)
# A full date that has a line at the head of the text to itself, as Wikinews sets it.
HEADER_DAY = re.compile(
    rf"^[^\S\n]*(?:[A-Z][a-z]{{2,8}},?[^\S\n]+)?(?:(?P<month>{MONTH})[A-Za-z]{{0,6}}\.?[^\S\n]"
    rf"(?P<day>\d{{1,2}})|(?P<first>\d{{1,2}})[^\S\n](?P<later>{MONTH})[A-Za-z]{{0,6}}\.?)"
    r",?[^\S\n](?P<year>[12]\d{3})[^\S\n]*$",
    re.MULTILINE,
)
HEADER_REACH = 300
DATELINE_REACH = 1500
# The stamp of a page runs late by a weekend or a holiday at most.
DATELINE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day "today" means, None where nobody told; `basis` says where it comes from."""

    day: datetime.date | None
    basis: str


def find_anchor(text: str, published: datetime.date | None) -> Anchor:
    """Return the day that the words of the text are reckoned from."""
    stamp = published.date() if isinstance(published, datetime.datetime) else published
    head = text[:DATELINE_REACH]
    for match in DATELINE_DAY.finditer(head):
        line = head[head.rfind("\n", 0, match.start()) + 1 : match.start()]
        place = DATELINE_PLACE.fullmatch(line) if len(line) < 120 else None
        if place is None or not _is_dateline_place(place["place"]):
            continue
        day = _dateline_day(match, stamp)
        if day:
            return Anchor(day, f"dateline {day:%A} {day.isoformat()}")
    header = HEADER_DAY.search(head[:HEADER_REACH])
    day = _dateline_day(header, stamp) if header and stamp else None
    if day:
        return Anchor(day, f"dated {day:%A} {day.isoformat()}")
    if stamp is None:
        return Anchor(None, "")
    return Anchor(stamp, f"published on {stamp:%A} {stamp.isoformat()}")


def _is_dateline_place(place: str) -> bool:
    """Say whether a name is set as agencies set the place of a dateline: in capitals mostly."""
    letters = [letter for letter in place if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) * 2 > len(letters)


def _dateline_day(match: re.Match[str], stamp: datetime.date | None) -> datetime.date | None:
    name = (match["month"] or match["later"]).lower()
    month = next(number for number, full in enumerate(MONTH_NAMES, 1) if full.startswith(name[:3]))
    number = int(match["day"] or match["first"])
    if match["year"]:
        years = [int(match["year"])]
    elif stamp:
        years = [stamp.year, stamp.year - 1]
    else:
        return None
    for year in years:
        day = make_day(year, month, number)
        if day and (stamp is None or 0 <= (stamp - day).days <= DATELINE_DAYS):
            return day
    return None


def tells_history(tokens: Tokens, anchor: Anchor) -> bool:
    """Say whether the text tells of another time than its publication.

    It does when it names at least four years, most of them more than two years before the
    anchor, and hardly a word that points to the day of writing. Of a text without any such
    word ("Friday", "last year", "recent") two old years say so where no recent one is named, and
    six where they are at least half. Without an anchor four years are enough.
    """
    years = [int(number) for number in YEAR_NUMBER.findall(tokens.text)]
    if anchor.day is None:
        return len(years) >= 4
    past = sum(year < anchor.day.year - 2 for year in years)
    recent = sum(year >= anchor.day.year - 1 for year in years)
    if past < 2:
        return False
    if past >= 4 and past * 10 >= len(years) * 7 and recent * 8 <= len(years):
        pointing = sum(
            word in POINTING or (word in WEEKDAYS and tokens.lowers[place - 1 : place] == ["on"])
            for place, word in enumerate(tokens.lowers)
        )
        if pointing * 3 <= past:
            return True
    if recent and (past < 6 or past * 2 < len(years)):
        return False
    if not POINTING_WIDELY.isdisjoint(tokens.lowers):
        return False
    return not any(
        word in ("last", "this", "next") and following in CALENDAR_UNITS
        for word, following in pairwise(tokens.lowers)
    )


YEAR_NUMBER = re.compile(r"(?<![\d.,])(?:1\d|20)[0-9]{2}(?![\d%])", re.ASCII)
POINTING = frozenset("today yesterday tomorrow tonight ago currently".split())
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
POINTING_WIDELY = POINTING | WEEKDAYS | {"recent", "recently"}
CALENDAR_UNITS = frozenset("week weekend month quarter year".split())


def is_southern(tokens: Tokens) -> bool:
    """Say whether the text is about countries south of the equator.

    It is when it names them, and their people, at least twice and more often than northern ones.
    """
    southern, northern = read_lexicon().southern, read_lexicon().northern
    if southern.isdisjoint(tokens.lowers):
        return False
    named = sum(word in southern for word in tokens.lowers)
    return named >= 2 and named > sum(word in northern for word in tokens.lowers)


SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:\d{4}|\d\d)(?!\d)", re.ASCII)


def puts_day_first(text: str) -> bool | None:
    """Say whether the text writes 24/10 for 24 October, None where it does not tell.

    A number above twelve can only be a day; one clear date settles all of the text's.
    """
    for match in SHORT_DATE.finditer(text):
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            return True
        if second > 12 >= first:
            return False
    return None

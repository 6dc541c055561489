"""Dates as the head of a report writes them: datelines, and lines that are only a date.

    BAKU, June 12 (Reuters) -      a dateline, at the start of the first paragraph
    June 12, 2024 at 3:46 pm       a date line, alone above the text

These are dates of publication. The dates of what is told are `extract.mentions.timexes`' work.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.bundled import bundled_path
from extract.records import Block, Span

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
ORDINAL = r"(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
# Pages that are copied lose the space between the year and the time: "20258:14 AM".
YEAR_END = r"(?:\b|(?=\d{1,2}:\d\d))"

# One date, tried in this order. `y`, `m`, `d` are a plain year, month and day; `a`, `b` are the
# two numbers of 12/06/2024, whose order only the numbers themselves can tell.
DATE = re.compile(
    rf"""(?<![\w/])(?:{WEEKDAY}\.?,?\ +(?:the\ +)?)?(?:
        (?P<iso>(?P<y1>{YEAR})(?P<s1>[-/.])(?P<m1>0?[1-9]|1[0-2])(?P=s1)(?P<d1>{DAY})(?!\d))
      | (?P<n2>{MONTH})\ *(?P<d2>{DAY}){ORDINAL}(?:\ *,\ *|\ +)(?P<y2>{YEAR}){YEAR_END}
      | (?P<d3>{DAY}){ORDINAL}(?:\ +of)?[ -]+(?P<n3>{MONTH})
        (?:\ *,\ *|[ -]+)(?P<y3>{YEAR}){YEAR_END}
      | (?P<a>\d{{1,2}})(?P<s4>[/.-])(?P<b>\d{{1,2}})(?P=s4)(?P<y4>{YEAR}|\d\d)(?![\w/])
      | (?P<n5>{MONTH})\ *(?P<d5>{DAY}){ORDINAL}(?![\w:])
      | (?P<d6>{DAY}){ORDINAL}\ +(?P<n6>{MONTH})(?!\w)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
TIME = re.compile(
    r"""(?:(?<![\w:+-])|(?<=\dT)|(?<=\ (?:19|20)\d\d))(?:
        (?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d(?:\.\d+)?)?
        (?:\ ?(?P<half>[ap])\.?\ ?m\b\.?|\ ?(?P<hours>hrs|h)\b)?
      | (?P<hour12>1[0-2]|0?[1-9])\ ?(?P<half12>[ap])\.?\ ?m\b\.?
      | (?P<noon>noon|midnight)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
ISO_TIME = re.compile(r"\n T(?:[01]\d|2[0-3]):?[0-5]\d(?::?[0-5]\d(?:\.\d+)?)?")
ZONE = re.compile(
    r"(?<!\w)(?:(?:gmt|utc)(?: ?[+-]\d{1,2}(?::?\d\d)?)?|[ecmp][sd]?t|bst|i[rs]t|irst|msk|cest|cet"
    r"|eet|eest|trt|azt|amt|ast|gst|pkt|sgt|hkt|kst|jst|aest|aedt|sast|wat|eat|local time"
    r"|eastern time|[+-]\d\d:?\d\d|z)(?-i:(?![a-z\d]))",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?<!\w)(?:first |last |originally |date |article |story |page )?(?:published|publication date"
    r"|publication|publish date|posted|updated?|modified|created|issued|released|release date|dated"
    r"|date|edited|uploaded|filed|reported|revised|on|at|by|in|of|time|day|issue|reading time"
    r"|\d+ (?:min(?:ute)?s?|hours?|days?) (?:ago|read)|min(?:ute)?s? read|and|from|for|the|last"
    r")(?!\w)",
    re.IGNORECASE,
)
UPDATED = re.compile(r"\b(?:updated?|modified|revised|edited)\b", re.IGNORECASE)
PUBLISHED = re.compile(
    r"\b(?:published|publication|posted|issued|released|release date|created|date|dated|filed"
    r"|first)\b",
    re.IGNORECASE,
)
NOT_LETTERS = re.compile(r"[\W\d_]+")
MAXIMUM_DATE_LINE = 140


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date that a line names. `year` is None where the line leaves it out.

    `ambiguous` is true for 03/04/2024, where day and month could change places; month and day
    are then those of the day-first reading.
    """

    span: Span
    year: int | None
    month: int
    day: int
    ambiguous: bool = False

    def resolve(self, *, year: int | None = None, month_first: bool = False) -> datetime.date:
        """Return the day; raises ValueError where no year is known or there is no such day."""
        chosen = self.year if self.year is not None else year
        if chosen is None:
            raise ValueError(f"no year is given with day {self.day} of month {self.month}")
        if self.ambiguous and month_first:
            return datetime.date(chosen, self.day, self.month)
        return datetime.date(chosen, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place, day and agency at the head of a report's first paragraph.

    `span` covers all of it with its closing dash. `date` is None where the dateline has no day,
    `agency` (as written, without brackets) where it names none.
    """

    span: Span
    place: Span
    date: Span | None = None
    agency: str | None = None


@cache
def read_word_lists() -> dict[str, frozenset[str]]:
    """Return the bundled word lists of layout, each by its name."""
    with bundled_path("layout.toml").open("rb") as file:
        return {name: frozenset(words) for name, words in tomllib.load(file).items()}


def find_dates(text: str, within: Span | None = None) -> Iterator[WrittenDate]:
    """Yield the calendar dates in a stretch of text, in order, without days that do not exist."""
    bounds = within or Span(0, len(text))
    for match in DATE.finditer(text, bounds.start, bounds.end):
        written = _read_match(match)
        if written is not None:
            yield written


def _read_match(match: re.Match[str]) -> WrittenDate | None:
    part = match.groupdict()
    span = Span(match.start(), match.end())
    ambiguous = False
    year: int | None
    if part["iso"]:
        year, month, day = int(part["y1"]), int(part["m1"]), int(part["d1"])
    elif part["a"]:
        first, second, year = int(part["a"]), int(part["b"]), int(part["y4"])
        if year < 100:
            year += 2000 if year < 70 else 1900
        month, day = (first, second) if second > 12 else (second, first)
        ambiguous = first <= 12 and second <= 12 and first != second
    else:
        number = next(n for n in "2356" if part[f"n{n}"])
        month = _month_number(part[f"n{number}"])
        day = int(part[f"d{number}"])
        year = int(part[f"y{number}"]) if number in "23" else None
    try:
        datetime.date(year if year is not None else 2024, month, day)
    except ValueError:
        return None
    return WrittenDate(span, year, month, day, ambiguous)


def _month_number(name: str) -> int:
    return next(
        number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower())
    )


def find_time(text: str, within: Span) -> datetime.time | None:
    """Return the first time of day in a stretch of text, or None; zones are not converted."""
    dates = [match.span() for match in DATE.finditer(text, within.start, within.end)]
    for match in TIME.finditer(text, within.start, within.end):
        if not any(start < match.end() and match.start() < end for start, end in dates):
            return _read_time(match)
    return None


def _read_time(match: re.Match[str]) -> datetime.time:
    if match["noon"]:
        return datetime.time(12 if match["noon"].lower() == "noon" else 0)
    hour = int(match["hour"] or match["hour12"])
    half = (match["half"] or match["half12"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime.time(hour, int(match["minute"] or 0))


def is_date_line(line: str) -> bool:
    """Say whether a line holds a date of publication and nothing that tells of anything.

    Beside the date there may be a time and its zone, labels ("Published", "Last updated"), and
    up to five more words when all are capitalised, such as a place, an outlet or a writer.
    """
    if len(line) > MAXIMUM_DATE_LINE or not any(character.isdigit() for character in line):
        return False
    rest, dates = DATE.subn(" \n ", line)
    if not dates:
        return False
    dated_alone = not LABEL.search(line)
    rest = ISO_TIME.sub(" \n ", rest)
    rest = LABEL.sub(" ", ZONE.sub(" ", TIME.sub(" ", rest)))
    words = NOT_LETTERS.sub(" ", rest).split()
    if not words:
        # "June 12" alone is a date line, "May 2024" is none and never gets here.
        return True
    if rest.rstrip().endswith((".", "!", "?", ":")) or dates > 3 or re.search(r"\w:", rest):
        return False
    limit = 2 if dated_alone else 5
    separated = bool(re.search(r"[|·•/—–-]\s|,\s*\n|\n\s*[|·•,—–-]", rest))
    if separated or PUBLISHED.search(line) or UPDATED.search(line):
        limit = 5
    has_year = any(written.year is not None for written in find_dates(line))
    return has_year and len(words) <= limit and all(word[0].isupper() for word in words)


# A place in a dateline: capitals throughout, or capitalised words.
UPPER_WORD = r"(?:[^\W\d_a-zß-öø-ÿ]['’.]?)+"
UPPER_NAME = rf"{UPPER_WORD}(?:[ '’-]{UPPER_WORD}){{0,4}}"
TITLE_WORD = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"
TITLE_NAME = rf"{TITLE_WORD}(?:[ ](?:(?:of|the|de|al|el|and|on|da|la)[ ])?{TITLE_WORD}){{0,3}}"
REGION = rf"(?:\ *,\ *(?!(?i:{MONTH}|{WEEKDAY})\b){TITLE_NAME}){{0,2}}"
DATELINE_DAY = (
    rf"(?:{WEEKDAY}\.?,?\ +)?(?:{MONTH}\ *{DAY}{ORDINAL}(?:\ *,\ *{YEAR}|\ +{YEAR})?"
    rf"|{DAY}{ORDINAL}\ +{MONTH}(?:\ *,?\ *{YEAR})?"
    rf"|{YEAR}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]{YEAR})\.?"
)
DASH = r"(?:--+|[-–—―_]+)"
DATELINE = re.compile(
    rf"""\s*(?P<place>(?:
          (?P<upper>{UPPER_NAME}(?:\ *[/&]\ *{UPPER_NAME}|\ +AND\ +{UPPER_NAME}){{0,2}}(?!\w))
        | {TITLE_NAME}(?:\ *[/&]\ *{TITLE_NAME}){{0,2}}) {REGION})
    (?:\ *[,.]?\ *(?P<date>(?i:{DATELINE_DAY})))?
    (?:\ *[,.]?\ *(?:\((?P<agency>[^()\n]{{2,60}})\)|/(?P<slashed>[A-Za-z][\w .-]{{1,30}})/\.?
        |,\ *(?P<named>[A-Z][A-Za-z/]{{1,20}})(?=\ *{DASH})))?
    (?P<stop>\ *\.?\ *{DASH}(?=\s|[“"A-Z])\s*|\ *:\ +)?""",
    re.VERBOSE,
)


def find_dateline(text: str, block: Block) -> Dateline | None:
    """Find the dateline at the start of a block, or None where the block has none.

    A place in capitals needs a dash or a colon, an agency in brackets, or both, after it. A
    place in small letters needs an agency that is known, or a day, as well.
    """
    match = DATELINE.match(text, block.span.start, min(block.span.end, block.span.start + 200))
    if match is None:
        return None
    agency = match["agency"] or match["slashed"] or match["named"]
    stop = match["stop"]
    day = match["date"]
    bracketed_day = False
    date_span = _trim_stop(text, Span(*match.span("date"))) if day else None
    if match["agency"] and day is None:
        inner = next(find_dates(text, Span(*match.span("agency"))), None)
        if inner is not None:
            date_span, agency, bracketed_day = inner.span, None, True
    named = match["place"]
    head, comma, last = named.rpartition(",")
    if comma and agency is None and last.strip().lower() in read_word_lists()["agencies"]:
        named, agency = head, last.strip()
    known = agency is not None and _is_agency(agency)
    if not stop and not (match["slashed"] and day) and not (known and match["upper"]):
        return None
    if match["upper"]:
        if len(match["upper"]) < 3 or _is_label(match["upper"]):
            return None
        if stop and stop.strip() == ":" and not (day or known or "," in match["place"]):
            return _dateline_with_colon(text, match, block)
    elif not (known or day or bracketed_day) or (stop and stop.strip() == ":"):
        return None
    place = Span(match.start("place"), match.start("place") + len(named.rstrip(" ,")))
    return Dateline(Span(block.span.start, match.end()), place, date_span, agency)


def _dateline_with_colon(text: str, match: re.Match[str], block: Block) -> Dateline | None:
    """Accept "CAIRO: The ministry ..." where a sentence follows the colon."""
    words = match["upper"].split()
    following = text[match.end() : block.span.end]
    if len(words) > 3 or len(following.split()) < 8 or not following[:1].isupper():
        return None
    place = Span(*match.span("place"))
    return Dateline(Span(block.span.start, match.end()), place)


def _is_label(words: str) -> bool:
    lists = read_word_lists()
    plain = words.rstrip(".").lower()
    return plain in lists["labels_in_capitals"] or any(
        word.strip(".") in lists["speaker_titles"] for word in plain.split()
    )


def _is_agency(name: str) -> bool:
    known = read_word_lists()["agencies"]
    parts = re.split(r"\s*(?:[/,;&]|\band\b)\s*", name.lower())
    return name.lower() in known or any(part.removesuffix(" news") in known for part in parts)


def _trim_stop(text: str, span: Span) -> Span:
    return Span(span.start, span.end - 1) if text[span.end - 1] == "." else span

"""What the head of a report says of the report: its title, day, time and source.

    labelled "Published"  >  a date line  >  a byline's date  >  a dateline with its year
    >  "Updated"  >  the credits' last date  >  a date line or dateline without its year

The first of these that gives a day is the day of publication. A day whose year is nowhere, or
whose day and month could change places (11/09/06), gives none unless the rest of the text
decides: a wrong day of publication would move every "today" in the article.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from extract.layout import divide
from extract.layout.datelines import (
    LABEL,
    PUBLISHED,
    UPDATED,
    Dateline,
    WrittenDate,
    find_dateline,
    find_dates,
    find_time,
    is_date_line,
    read_word_lists,
)
from extract.layout.line_kinds import BYLINE, COPYRIGHT, is_credit_line
from extract.records import Block, BlockKind, Span

# Blocks from the top and from the end of a text in which its date may stand.
TOP, TAIL = 15, 4
# A standfirst or a summary of a few lines may stand above the paragraph with the dateline.
DATELINE_PARAGRAPHS = 4
# Days between a numeric date and a day that the text names for the two to belong together.
NEAR = 10
OUTLET_OF_BYLINE = re.compile(r"\bfor (?:the )?(?P<outlet>[A-Z][\w’'.]*(?: [A-Z][\w’'.]*){0,4})")
SOURCE_LABEL = re.compile(r"(?:sources?|agency)\s*:\s*(?P<outlet>[^|·•\d]{2,60})", re.IGNORECASE)
PART_OF_DATE_LINE = re.compile(r"\s*(?:[|·•]|\s[–—-]\s)\s*")
TITLE_LABEL = re.compile(r"^(?:title|headline|subject)\s*:\s*(?=\S)", re.IGNORECASE)
COPYRIGHT_YEAR = re.compile(r"(?:19|20)\d\d")


class Basis(IntEnum):
    """Which words gave the day of publication, the surest first."""

    PUBLISHED_LABEL = 0
    DATE_LINE = 1
    BYLINE = 2
    DATELINE = 3
    UPDATED_LABEL = 4
    CREDITS = 5
    WITHOUT_YEAR = 6


@dataclass(frozen=True, slots=True)
class Header:
    """What was found at the head of a text; None for what it does not say.

    `time` is the local time as written, without its zone. `unclear` holds a date that was found
    and could not be used, in the text's own words.
    """

    title: str | None = None
    published: datetime.date | None = None
    time: datetime.time | None = None
    source: str | None = None
    basis: Basis | None = None
    unclear: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    basis: Basis
    written: WrittenDate
    line: Span


def read_header(
    text: str, blocks: Sequence[Block] | None = None, *, title: str | None = None
) -> Header:
    """Read title, day and time of publication, and source from a report's own text.

    `blocks` are those of `extract.layout.divide`, and are found where they are not given.
    `title`, where it is known from elsewhere, is kept and helps to tell the lines apart.
    """
    laid_out = divide(text, title=title) if blocks is None else blocks
    dateline = _first_dateline(text, laid_out)
    found = sorted(_find_all(text, laid_out, dateline), key=lambda date: date.basis)
    published, chosen, unclear = _choose(text, found)
    headline = next((b.span.of(text) for b in laid_out if b.kind is BlockKind.TITLE), None)
    return Header(
        title=title or (TITLE_LABEL.sub("", " ".join(headline.split())) if headline else None),
        published=published,
        time=find_time(text, chosen.line) if chosen else None,
        source=_find_source(text, laid_out, dateline),
        basis=chosen.basis if chosen else None,
        unclear=unclear if published is None else None,
    )


def _first_dateline(text: str, blocks: Sequence[Block]) -> Dateline | None:
    """Return the dateline of one of the first paragraphs, or of a line that is nothing else."""
    paragraphs = 0
    for block in blocks[:TOP]:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADER):
            found = find_dateline(text, block)
            paragraphs += block.kind is BlockKind.PARAGRAPH
            if found or paragraphs == DATELINE_PARAGRAPHS:
                return found
    return None


def _find_all(text: str, blocks: Sequence[Block], dateline: Dateline | None) -> Iterator[_Found]:
    """Yield every date that may be the day of publication, in text order."""
    outer = [*blocks[:TOP], *blocks[max(TOP, len(blocks) - TAIL) :]]
    for block in outer:
        line = block.span.of(text)
        if block.kind is BlockKind.HEADER:
            yield from _read_header_line(text, block)
        elif block.kind is BlockKind.FURNITURE and is_credit_line(line):
            dates = [date for date in find_dates(text, block.span) if date.year is not None]
            if dates:
                last = max(dates, key=lambda date: (date.year or 0, date.month, date.day))
                yield _Found(Basis.CREDITS, last, block.span)
    if dateline and dateline.date:
        for written in find_dates(text, dateline.date):
            basis = Basis.DATELINE if written.year is not None else Basis.WITHOUT_YEAR
            yield _Found(basis, written, dateline.span)


def _read_header_line(text: str, block: Block) -> Iterator[_Found]:
    line = block.span.of(text)
    before = block.span.start
    for written in find_dates(text, block.span):
        lead = text[before : written.span.start]
        before = written.span.end
        if written.year is None:
            if is_date_line(line):
                yield _Found(Basis.WITHOUT_YEAR, written, block.span)
        elif PUBLISHED.search(lead):
            yield _Found(Basis.PUBLISHED_LABEL, written, block.span)
        elif UPDATED.search(lead):
            yield _Found(Basis.UPDATED_LABEL, written, block.span)
        elif BYLINE.match(line):
            yield _Found(Basis.BYLINE, written, block.span)
        else:
            yield _Found(Basis.DATE_LINE, written, block.span)


def _choose(
    text: str, found: Sequence[_Found]
) -> tuple[datetime.date | None, _Found | None, str | None]:
    unclear: str | None = None
    for candidate in found:
        day = _resolve(text, candidate.written)
        if day is not None:
            return day, candidate, None
        unclear = unclear or candidate.written.span.of(text)
    return None, None, unclear


def _resolve(text: str, written: WrittenDate) -> datetime.date | None:
    if written.year is None:
        years = _copyright_years(text)
        return written.resolve(year=years[-1]) if years else None
    if not written.ambiguous:
        return written.resolve()
    if "/" not in written.span.of(text):
        # Dots and dashes stand between day, month and year; month first takes strokes.
        return written.resolve()
    month_first = _orders_month_first(text, written)
    return None if month_first is None else written.resolve(month_first=month_first)


def _copyright_years(text: str) -> list[int]:
    """Return the years of the first copyright line, or []."""
    for match in COPYRIGHT.finditer(text):
        years = COPYRIGHT_YEAR.findall(text, match.end(), match.end() + 60)
        if years:
            return [int(year) for year in years]
    return []


def _orders_month_first(text: str, written: WrittenDate) -> bool | None:
    """Say whether 11/09/06 puts the month first, by the other dates of the text; None if unknown.

    Another date with strokes decides when its numbers allow one order only. Otherwise the
    reading decides that is near a day which the text names in words, if the other is not.
    """
    others = [date for date in find_dates(text) if date.span != written.span]
    for other in others:
        words = other.span.of(text)
        if "/" in words and other.year is not None and not other.ambiguous:
            first, second = (int(part) for part in words.split()[-1].split("/")[:2])
            if first != second and first < 1900:
                return second > 12
    readings = {order: written.resolve(month_first=order) for order in (False, True)}
    named = [
        other.resolve(year=written.year)
        for other in others
        if not other.ambiguous
        and (other.month, other.day) != (2, 29)
        and re.search("[A-Za-z]", other.span.of(text))
    ]
    near = [
        order
        for order, reading in readings.items()
        if any(abs((reading - day).days) <= NEAR for day in named)
    ]
    return near[0] if len(near) == 1 else None


def _find_source(text: str, blocks: Sequence[Block], dateline: Dateline | None) -> str | None:
    lines = [block.span.of(text) for block in blocks if block.kind is BlockKind.HEADER]
    word_lists = read_word_lists()
    agencies = word_lists["agencies"] - word_lists["only_pictures"]
    for line in lines:
        labelled = SOURCE_LABEL.match(line)
        if labelled:
            return labelled["outlet"].strip(" -–—,.")
        for part in PART_OF_DATE_LINE.split(line):
            if part.strip(" ()[]").lower() in agencies:
                return part.strip(" ()[]")
    for line in lines:
        outlet = OUTLET_OF_BYLINE.search(line) if BYLINE.match(line) else None
        if outlet and not LABEL.fullmatch(outlet["outlet"]):
            return outlet["outlet"]
    return dateline.agency if dateline else None

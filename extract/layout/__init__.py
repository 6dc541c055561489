"""An article's text laid out: which stretch is title, header, caption, text or furniture.

    lines of the text -> units (a line, or the wrapped lines of one paragraph) -> blocks

A unit is judged first by its own words (a date line, a byline, a picture's credit, a link to
another story), then by where it stands (the first line without a full stop is the title, what
stands above it a slogan). What cannot be told is a paragraph: nothing is thrown away.
The word lists are in `data/bundled/layout.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.layout.datelines import Dateline, find_dateline, read_word_lists
from extract.layout.line_kinds import bare, is_picture_credit, judge_alone
from extract.records import Block, BlockKind, Span

__all__ = ["Dateline", "divide", "find_dateline"]

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
LIST_START = re.compile(r"list of \d+ items?")
BULLET = re.compile(r"(?:[-*•–—·▪►>]|\d{1,2}[.)])\s")
WORD = re.compile(r"\w+")
CLOSING = "\"'”’»)]* "
FINAL_STOPS = (".", "…", ":", ";", ",")

# A paragraph is taken for hard-wrapped when its lines are no longer than this, and this share
# of its breaks stand where the next word would no longer have fitted. RFC 3676 wraps at 78;
# mail programs and agencies' wires at 66 to 100.
WIDEST_WRAP = 100
NARROWEST_WRAP = 40
WRAPPED_SHARE = 0.6
LONGEST_TITLE = 180
# Lines from the top among which title, date line and writer are looked for.
TOP = 15
# What a title's length tells only where it is the whole text: above this it is a paragraph.
LONGEST_LONE_TITLE = 120


@dataclass(frozen=True, slots=True)
class Unit:
    """A line, or the hard-wrapped lines of one paragraph, before it is known what it is."""

    span: Span
    text: str
    gap_before: bool


def divide(text: str, *, title: str | None = None) -> tuple[Block, ...]:
    """Divide an article's text into blocks, in order, with offsets into `text` as it is.

    Blocks do not overlap and everything outside them is white space. A block is one line, or
    the lines of one hard-wrapped paragraph, so that a line break inside a block never ends a
    sentence. `title`, where it is known from elsewhere, tells which line is the title; it also
    parts a title from the text that follows it on the same line. A text without blocks (empty,
    or white space) gives ().
    """
    units = _part_title(_gather_units(text), title)
    kinds = [judge_alone(unit.text) for unit in units]
    _mark_link_lists(units, kinds)
    _mark_credited_captions(units, kinds)
    _mark_title(units, kinds, title)
    _mark_writers(units, kinds)
    blocks = [
        Block(unit.span, kind or BlockKind.PARAGRAPH)
        for unit, kind in zip(units, kinds, strict=True)
    ]
    datelines = [
        find_dateline(text, block) if block.kind is BlockKind.PARAGRAPH else None
        for block in blocks
    ]
    return tuple(
        replace(block, dateline=dateline.span) if dateline else block
        for block, dateline in zip(blocks, datelines, strict=True)
    )


def _gather_units(text: str) -> list[Unit]:
    lines: list[Span] = []
    gaps: list[bool] = []
    last_end = 0
    for match in LINE.finditer(text):
        words = match.group()
        stripped = words.strip()
        if not stripped:
            continue
        start = match.start() + len(words) - len(words.lstrip())
        between = text[last_end : match.start()].replace("\r\n", "\n")
        gaps.append(not lines or len(between) - between.count(" ") - between.count("\t") > 1)
        lines.append(Span(start, start + len(stripped)))
        last_end = match.end()
    joined = _find_wraps(text, lines, gaps)
    units: list[Unit] = []
    for number, line in enumerate(lines):
        if joined[number]:
            span = Span(units[-1].span.start, line.end)
            units[-1] = Unit(span, span.of(text), units[-1].gap_before)
        else:
            units.append(Unit(line, line.of(text), gaps[number]))
    return units


def _find_wraps(text: str, lines: Sequence[Span], gaps: Sequence[bool]) -> list[bool]:
    """Say of each line whether it goes on with the sentence or paragraph of the line before."""
    joined = [False] * len(lines)
    pairs = [number for number in range(1, len(lines)) if not gaps[number]]
    if not pairs:
        return joined
    widths = sorted(lines[number - 1].end - lines[number - 1].start for number in pairs)
    width = widths[int(0.9 * (len(widths) - 1))]
    full = {number for number in pairs if _is_full(text, lines[number - 1], lines[number], width)}
    # Where a sentence ends with its line, a full line and the end of a paragraph look the same.
    open_ended = [number for number in pairs if not _ends_sentence(lines[number - 1].of(text))]
    wrapped = (
        NARROWEST_WRAP <= width <= WIDEST_WRAP
        and len(full) >= 2
        and len(full.intersection(open_ended)) >= WRAPPED_SHARE * max(1, len(open_ended))
    )
    for number in pairs:
        before, line = lines[number - 1].of(text), lines[number].of(text)
        if BULLET.match(line) or _is_indented(text, lines[number], lines[number - 1]):
            continue
        goes_on = (
            line[0].islower()
            and NARROWEST_WRAP <= len(before) <= WIDEST_WRAP
            and not _ends_sentence(before)
        )
        joined[number] = goes_on or (wrapped and number in full and _may_go_on(before, line))
    return joined


def _ends_sentence(line: str) -> bool:
    return line.rstrip(CLOSING).endswith((".", "!", "?", "…", ":"))


def _is_indented(text: str, line: Span, before: Span) -> bool:
    """Say whether a line begins further to the right than the one before, as paragraphs do."""
    indents = [
        len(re.search(r"[ \t]*$", text[max(0, span.start - 40) : span.start]).group())  # type: ignore[union-attr]
        for span in (line, before)
    ]
    return indents[0] >= indents[1] + 2


def _is_full(text: str, before: Span, line: Span, width: int) -> bool:
    words = line.of(text).split(None, 1)
    length = before.end - before.start
    return length <= WIDEST_WRAP and length + 1 + len(words[0]) > width


def _may_go_on(before: str, line: str) -> bool:
    """Hold apart lines that say themselves what they are, even in a wrapped text."""
    return judge_alone(before) is None and judge_alone(line) is None


def _part_title(units: list[Unit], title: str | None) -> list[Unit]:
    """Cut the first unit in two where it is the title and the text that follows it."""
    wanted = (title or "").strip()
    if not units or not wanted or not units[0].text.startswith(wanted):
        return units
    first = units[0]
    end = len(wanted)
    rest = first.text[end:]
    stop = re.match(r"[.:–—-]*\s+", rest)
    if stop is None or not rest[stop.end() :].strip() or not rest[: stop.end()].strip(" \n"):
        return units
    cut = first.span.start + end + len(stop.group().rstrip())
    after = first.span.start + end + stop.end()
    return [
        Unit(Span(first.span.start, cut), first.text[: cut - first.span.start], True),
        Unit(Span(after, first.span.end), first.text[after - first.span.start :], True),
        *units[1:],
    ]


def _mark_link_lists(units: Sequence[Unit], kinds: list[BlockKind | None]) -> None:
    """Mark the headlines under "Related stories" as links, up to the next sentence."""
    labels = read_word_lists()["link_labels"]
    listing = counted = False
    for number, unit in enumerate(units):
        plain = bare(unit.text)
        counted = plain != "end of list" and (counted or LIST_START.fullmatch(plain) is not None)
        if counted:
            kinds[number] = BlockKind.FURNITURE
        elif plain in labels and number > 0:
            kinds[number] = BlockKind.FURNITURE
            listing = True
        elif listing and kinds[number] is None and _is_title_like(unit.text):
            kinds[number] = BlockKind.FURNITURE
        elif kinds[number] is None:
            listing = False


def _mark_credited_captions(units: Sequence[Unit], kinds: list[BlockKind | None]) -> None:
    """Mark the line after "Getty Images" as a caption, where it is no sentence of the text."""
    for number in range(1, len(units)):
        if (
            is_picture_credit(units[number - 1].text)
            and kinds[number] is None
            and _is_title_like(units[number].text)
        ):
            kinds[number] = BlockKind.CAPTION


def _mark_writers(units: Sequence[Unit], kinds: list[BlockKind | None]) -> None:
    """Mark a name that stands alone beside a date line or byline as one."""
    for number, unit in enumerate(units[:TOP]):
        beside = {kinds[other] for other in (number - 1, number + 1) if 0 <= other < len(kinds)}
        if kinds[number] is None and BlockKind.HEADER in beside and _is_name(unit.text):
            kinds[number] = BlockKind.HEADER


def _mark_title(units: Sequence[Unit], kinds: list[BlockKind | None], title: str | None) -> None:
    """Find the title among the first lines, and what stands above it."""
    if title:
        wanted = _letters(title)
        for number, unit in enumerate(units[:12]):
            if wanted and _letters(unit.text) == wanted:
                kinds[number] = BlockKind.TITLE
                for above in range(number):
                    if kinds[above] is None and _is_title_like(units[above].text):
                        kinds[above] = BlockKind.FURNITURE
                return
    if len(units) == 1 and kinds[0] is BlockKind.HEADER:
        # "Status report of 10 June" above nothing is all that the text says.
        kinds[0] = BlockKind.TITLE
    top = _find_top(units, kinds)
    if not top:
        return
    if len(units) == 1 and len(units[0].text) > LONGEST_LONE_TITLE:
        return
    names = [number for number in top if not _is_above_title(units[number].text)]
    chosen = names[0] if names else top[-1]
    kinds[chosen] = BlockKind.TITLE
    for number in top:
        if number < chosen:
            kinds[number] = BlockKind.FURNITURE
    later = [number for number in top if number > chosen]
    if later and later[0] == chosen + 1:
        words = WORD.findall(units[later[0]].text)
        if len(words) >= 5:
            kinds[later[0]] = BlockKind.TITLE


def _find_top(units: Sequence[Unit], kinds: Sequence[BlockKind | None]) -> list[int]:
    """Return the numbers of the title-like lines above the first sentence, at most six."""
    top: list[int] = []
    for number, unit in enumerate(units[:TOP]):
        if kinds[number] is not None:
            continue
        if not _is_title_like(unit.text) or len(top) == 6:
            break
        top.append(number)
    return top


def _is_title_like(line: str) -> bool:
    if len(line) > LONGEST_TITLE:
        return False
    bare = line.rstrip(CLOSING)
    if not bare or bare.endswith(FINAL_STOPS):
        # "... in the U.S." ends a title without ending a sentence.
        return bool(re.search(r"\b(?:[A-Z]\.){2,}$", bare)) and len(WORD.findall(bare)) > 3
    first = line.lstrip("\"'“‘«([#*- ")[:1]
    return not first.islower()


def _is_above_title(line: str) -> bool:
    """Say whether a title-like line is rather a slogan, a section's or an outlet's name."""
    lists = read_word_lists()
    plain = bare(line)
    parts = [part.strip() for part in re.split(r"[|/›»>·•]", plain) if part.strip()]
    if parts and all(part in lists["sections"] or part in lists["agencies"] for part in parts):
        return True
    return len(WORD.findall(plain)) <= 10 and any(
        slogan in plain for slogan in lists["slogan_words"]
    )


def _is_name(line: str) -> bool:
    words = line.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)


def _letters(words: str) -> str:
    return "".join(WORD.findall(words.casefold()))

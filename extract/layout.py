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
from dataclasses import dataclass

from extract.datelines import (
    Dateline,
    find_dateline,
    find_dates,
    is_date_line,
    read_word_lists,
)
from extract.records import Block, BlockKind, Span

__all__ = ["Dateline", "divide", "find_dateline", "is_credit_line"]

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
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
LONGEST_CAPTION = 500
LONGEST_FURNITURE = 200
# What a title's length tells only where it is the whole text: above this it is a paragraph.
LONGEST_LONE_TITLE = 120

LABELLED = re.compile(
    r"\W*(?P<label>[A-Za-z][A-Za-z'’ ]{2,32}?)\s*(?P<mark>[:|»>–—]|\s-\s)\s*(?P<rest>.*)"
)
BYLINE = re.compile(
    r"(?:by|written by|reported by|posted by|story by|report by|reporting by|additional reporting by"
    r"|editing by|edited by|writing by|analysis by|compiled by|translated by|photos? by|author|authors"
    r"|source|sources|agency|reporter|correspondent|byline)\s*:?\s+(?=[A-Z(@“\"])",
    re.IGNORECASE,
)
BYLINE_JOINT = frozenset(
    ["and", "for", "in", "from", "with", "of", "the", "at", "de", "da", "di", "del", "della", "la", "le", "el", "al", "bin", "ibn", "van", "von", "der", "den", "dos", "du", "editor", "correspondent", "reporter", "writer", "staff", "special", "to", "agencies", "writing", "reporting", "editing", "additional", "by", "photos", "photo", "news", "y", "e", "on", "analyst", "contributor", "chief", "senior", "diplomatic", "defence", "defense", "political", "foreign", "bureau", "desk", "service", "producer", "columnist"]
)
SOURCE_CREDIT = re.compile(r"\((?=[^()]*[A-Za-z]{2})[^()]{4,400}\)\.?")
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b|&copy;)", re.IGNORECASE)
COMMENT_COUNT = re.compile(
    r"(?:comments?\s*[:(]?\s*\d+\)?|\d[\d,.]*k?\s+(?:comments?|shares?|views?|likes?|retweets?|replies)"
    r"(?:\s*[|·,]?\s*\d[\d,.]*k?\s+(?:comments?|shares?|views?|likes?))*|\d+\s*min(?:ute)?s?\s+read)",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    r"follow (?:@?\w+(?: \w+){0,4}) on (?:twitter|facebook|x|instagram|telegram)", re.IGNORECASE
)
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
MARKUP_RULE = re.compile(r"[\W_]+")
CREDIT_AT_END = re.compile(r"\[(?P<credit>[^\[\]\n]{2,90})\]\s*\.?$")
PHOTO_CREDIT_AT_END = re.compile(
    r"""(?:
        \((?:file\ )?(?:photo|photograph|image|picture|pic|credit|file|screenshot|courtesy|video)s?\b[^()]{0,90}\)
      | \((?:[A-Z][\w.&-]*\ (?:Photo|Images|Image|Pictures|Archive)\b[^()]{0,70})\)
      | \((?:REUTERS|Reuters|AP|AFP|EPA|Getty|Anadolu|TASS|Xinhua|DPA|EPA-EFE|UPI)\ ?/[^()]{2,70}\)
      | (?:photo|image|picture)s?(?:\ (?:credit|courtesy|source))?\ ?(?::|by\b|/|©)\ ?[^.]{2,80}
      | (?:\bvia\ |\b[A-Z][\w.]+/|©\ ?)(?:Getty(?:\ Images)?|Reuters|AFP|EPA|AP|Anadolu|Shutterstock|NurPhoto|Handout)(?:\ (?:via|/)\ [\w ]{2,30})?
      | \b(?:REUTERS|AFP|AP|EPA|EPA-EFE)\ ?/\ ?[A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]+){0,3}(?:/[\w ]+)?
    )\s*\.?$""",
    re.VERBOSE,
)
CAPTION_LABEL = re.compile(
    r"(?:file\s+(?:photo|image|picture|pic)\b|file\s*[-–—:]\s|photo\s*[:|]|photo caption|image caption"
    r"|image\s*[:|]|image source|caption\s*:|picture\s*:|pictured\s*[:|]|photo credit|image credit"
    r"|photograph\s*:|media caption|illustrati(?:on|ve)\b.{0,20}:|archive photo\b|this photo\b.{0,40}\bshows\b)",
    re.IGNORECASE,
)
NOT_A_CREDIT = re.compile(
    r"(?:\d{1,3}(?:[,–-]\s*\d{1,3})*|sic|note \d+|citation needed|laughs|applause|laughter|\.\.\.|…|edit|who|when|by whom)",
    re.IGNORECASE,
)


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
    kinds = [_judge_alone(unit.text) for unit in units]
    _mark_link_lists(units, kinds)
    _mark_title(units, kinds, title)
    return tuple(
        Block(unit.span, kind or BlockKind.PARAGRAPH)
        for unit, kind in zip(units, kinds, strict=True)
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
    wrapped = (
        NARROWEST_WRAP <= width <= WIDEST_WRAP
        and len(full) >= 2
        and len(full) >= WRAPPED_SHARE * len(pairs)
    )
    for number in pairs:
        before, line = lines[number - 1].of(text), lines[number].of(text)
        if BULLET.match(line):
            continue
        goes_on = (
            line[0].islower()
            and NARROWEST_WRAP <= len(before) <= WIDEST_WRAP
            and not before.rstrip(CLOSING).endswith((".", "!", "?", "…", ":"))
        )
        joined[number] = goes_on or (wrapped and number in full and _may_go_on(before, line))
    return joined


def _is_full(text: str, before: Span, line: Span, width: int) -> bool:
    words = line.of(text).split(None, 1)
    length = before.end - before.start
    return length <= WIDEST_WRAP and length + 1 + len(words[0]) > width


def _may_go_on(before: str, line: str) -> bool:
    """Hold apart lines that say themselves what they are, even in a wrapped text."""
    return _judge_alone(before) is None and _judge_alone(line) is None


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


def _judge_alone(line: str) -> BlockKind | None:
    """Say what a line is by its own words, or None where they do not tell."""
    if len(line) > LONGEST_CAPTION:
        return None
    if is_furniture(line):
        return BlockKind.FURNITURE
    if is_header_line(line):
        return BlockKind.HEADER
    if is_caption(line):
        return BlockKind.CAPTION
    return None


def is_furniture(line: str) -> bool:
    """Say whether a line is the page's own: a link, a share bar, a call, a copyright or credit."""
    if len(line) > LONGEST_CAPTION:
        return False
    lists = read_word_lists()
    plain = line.strip(" \t*_#>|•·-–—:").lower().replace("’", "'")
    if not plain or plain in lists["fixtures"] or MARKUP_RULE.fullmatch(line):
        return True
    if is_credit_line(line):
        return True
    if len(line) > LONGEST_FURNITURE:
        return COPYRIGHT.match(line) is not None
    if COPYRIGHT.match(line) or COMMENT_COUNT.fullmatch(plain) or FOLLOW.match(plain):
        return True
    if "all rights reserved" in plain or WEB_ADDRESS.fullmatch(plain):
        return True
    labelled = LABELLED.match(line)
    if labelled and _is_link_label(labelled["label"], labelled["mark"]):
        return True
    words = WORD.findall(plain)
    if len(words) <= 12 and words and words[0] in lists["share_words"]:
        if all(word in lists["share_words"] or word.isdigit() for word in words):
            return True
    return _is_call(line, plain, lists["calls"])


def _is_link_label(label: str, mark: str) -> bool:
    name = label.strip().lower().replace("’", "'")
    if name not in read_word_lists()["link_labels"]:
        return False
    # "Watch: ..." and "WATCH - ..." are links, "Watch - as they say -" is not.
    return mark in ":|»>" or label.isupper()


def _is_call(line: str, plain: str, calls: frozenset[str]) -> bool:
    for call in calls:
        if plain.startswith(call) and not plain[len(call) : len(call) + 1].isalpha():
            # In a sentence of the story the same words go on in the third person and the past.
            short = len(plain) <= len(call) + 60
            return short and not re.search(r"\b(?:said|says|told|was|were|had)\b", plain)
    return False


def is_credit_line(line: str) -> bool:
    """Say whether a line is only a bracket with the report's sources and a date.

    "(AP, Reuters - 24/10/08)", "(Various sources -- 02/06/10-09/06/10)".
    """
    if not SOURCE_CREDIT.fullmatch(line):
        return False
    inner = line.strip("(). ")
    if next(find_dates(inner), None) is not None and re.search(r"[–—-]\s*\d", inner):
        return True
    names = [name.strip().lower() for name in re.split(r"[,;/&]|\band\b", inner)]
    agencies = read_word_lists()["agencies"]
    return sum(name in agencies for name in names) * 2 >= len(names)


def is_header_line(line: str) -> bool:
    """Say whether a line is a date line, a byline or the name of the agency."""
    if len(line) > LONGEST_FURNITURE:
        return False
    if is_date_line(line):
        return True
    byline = BYLINE.match(line)
    if byline and _is_byline(line[byline.end() :]):
        return True
    name = line.strip(" -–—|•()[]").lower()
    return name in read_word_lists()["agencies"]


def _is_byline(rest: str) -> bool:
    """Judge what follows "By": names and posts, no sentence."""
    without_dates = re.sub(r"[–—-]*\s*\d[\d/.:-]*", " ", rest)
    words = re.findall(r"[^\W\d_][\w'’.-]*", without_dates)
    if not words or len(words) > 24:
        return False
    if rest.rstrip().endswith((".", "!", "?")) and len(words) > 6:
        return False
    small = [word for word in words if word[0].islower() and word.lower() not in BYLINE_JOINT]
    return len(small) == 0 or (len(small) == 1 and "@" in rest)


def is_caption(line: str) -> bool:
    """Say whether a line is the caption of a picture: a credit ends it, or a label opens it."""
    if CAPTION_LABEL.match(line):
        return True
    bracket = CREDIT_AT_END.search(line)
    if bracket and not NOT_A_CREDIT.fullmatch(bracket["credit"]):
        credit = bracket["credit"].strip()
        known = read_word_lists()["picture_agencies"] | read_word_lists()["agencies"]
        parts = [part.strip().lower() for part in re.split(r"[/,|]|\bvia\b", credit)]
        if any(part in known for part in parts) or "/" in credit:
            return True
        if re.match(
            r"(?:photo|file|image|screenshot|courtesy|credit|via)\b", credit, re.IGNORECASE
        ):
            return True
        names = credit.split()
        return (
            bracket.start() > 20
            and len(names) <= 6
            and all(
                name[0].isupper() or name in ("of", "the", "and", "for", "by") for name in names
            )
        )
    return PHOTO_CREDIT_AT_END.search(line) is not None


def _mark_link_lists(units: Sequence[Unit], kinds: list[BlockKind | None]) -> None:
    """Mark the headlines under "Related stories" as links, up to the next sentence."""
    lists = read_word_lists()
    listing = False
    for number, unit in enumerate(units):
        plain = unit.text.strip(" \t*_#>|•·-–—:").lower().replace("’", "'")
        if plain in lists["link_labels"] and number > 0:
            kinds[number] = BlockKind.FURNITURE
            listing = True
        elif listing and kinds[number] is None and _is_title_like(unit.text):
            kinds[number] = BlockKind.FURNITURE
        elif kinds[number] is None:
            listing = False


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
        elif _is_name(units[later[0]].text) and _neighbours_header(kinds, later[0]):
            kinds[later[0]] = BlockKind.HEADER


def _find_top(units: Sequence[Unit], kinds: Sequence[BlockKind | None]) -> list[int]:
    """Return the numbers of the title-like lines above the first sentence, at most six."""
    top: list[int] = []
    for number, unit in enumerate(units[:15]):
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
    plain = line.strip(" \t*_#>|•·-–—:").lower()
    parts = [part.strip() for part in re.split(r"[|/›»>·•]", plain) if part.strip()]
    if parts and all(part in lists["sections"] or part in lists["agencies"] for part in parts):
        return True
    return len(WORD.findall(plain)) <= 10 and any(
        slogan in plain for slogan in lists["slogan_words"]
    )


def _is_name(line: str) -> bool:
    words = line.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)


def _neighbours_header(kinds: Sequence[BlockKind | None], number: int) -> bool:
    return number + 1 < len(kinds) and kinds[number + 1] is BlockKind.HEADER


def _letters(words: str) -> str:
    return "".join(WORD.findall(words.casefold()))

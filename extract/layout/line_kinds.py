"""What a line of a news page is by its own words: furniture, header or caption.

The rules were written from what news pages say; their word lists are in
`data/bundled/layout.toml`. Where a line stands on the page is `extract.layout`'s affair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.layout.datelines import find_dates, is_date_line, read_word_lists
from extract.records import BlockKind

LONGEST_CAPTION = 500
LONGEST_FURNITURE = 200

WORD = re.compile(r"\w+")
LABELLED = re.compile(
    r"\W*(?P<label>[A-Za-z][A-Za-z'’ ]{2,32}?)\s*(?P<mark>[:|»>–—]|\s-\s)\s*(?P<rest>.*)"
)
BYLINE = re.compile(
    r"(?:(?:(?:written|reported|posted|story|report|text|(?:additional )?reporting|edit(?:ing|ed)"
    r"|writing|analysis|compiled|translated|(?:text and )?photos?) )?by|authors?|sources?|agency"
    r"|reporter|correspondent|byline)\s*:?\s+(?=[A-Z(@“\"])",
    re.IGNORECASE,
)
# "MOSCOW—" on a line of its own, as broadcasters set the dateline.
LONE_DATELINE = re.compile(
    r"[^\W\d_a-z](?:[^\Wa-z]|[ .,'’/-]){2,40}(?:, ?[A-Z][a-z]+)? ?(?:--|[–—_])"
)
SOURCE_CREDIT = re.compile(r"\((?=[^()]*[A-Za-z]{2})[^()]{4,400}\)\.?")
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b|&copy;)", re.IGNORECASE)
COUNT = r"\d[\d,.]*k?\s+(?:comments?|shares?|views?|likes?|retweets?|replies)"
COMMENT_COUNT = re.compile(
    rf"(?:comments?\s*[:(]?\s*\d+\)?|{COUNT}(?:\s*[|·,]?\s*{COUNT})*|\d+\s*min(?:ute)?s?\s+read)",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    r"follow (?:@?\w+(?: \w+){0,4}) on (?:twitter|facebook|x|instagram|telegram)"
    r"|follow .{0,60}\bcoverage\b|(?:download|get) .{0,40}\bapp\b",
    re.IGNORECASE,
)
# "list 1 of 3" is what a page tells a screen reader, "News ID: 85839283" what its archive does.
MACHINE_LINE = re.compile(
    r"list (?:of \d+ items?|\d+ of \d+)|end of list|\d+ of \d+|\d+/\d+|(?:news|article|story) "
    r"(?:id|code)\s*:?\s*\S+|\d+ (?:minutes?|hours?|days?|weeks?) ago",
    re.IGNORECASE,
)
CONTRIBUTED = re.compile(
    r"(?:\bcontributed (?:reporting|to this (?:report|story|article))"
    r"|^[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)? reported from [A-Z][\w ,'’-]+)\.?$"
)
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
OPENING_MARKS = re.compile(r"[^\w(@©]+")
# What `\s` matches, and the marks that may close a line.
CLOSING_MARKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "*_#>|•·:–—-"
CREDIT_AT_END = re.compile(r"\[(?P<credit>[^\[\]\n]{2,90})\]\s*\.?$")
PICTURE = r"(?:photo|photograph|image|picture|pic|credit|file|screenshot|courtesy|video)s?"
AGENCY = r"(?:REUTERS|Reuters|AFP|AP|EPA(?:-EFE)?|Getty(?:\ Images)?|Anadolu|TASS|Xinhua|DPA|UPI)"
PHOTO_CREDIT_AT_END = re.compile(
    rf"""(?:
        \((?!(?:PHOTO|VIDEO|PICTURE|IMAGE)S?\b[^a-z]*\))(?i:(?:file\ )?{PICTURE})\b[^()]{{0,90}}\)
      | \([A-Z][\w.&-]*\ (?:Photo|Images?|Pictures|Archive)\b[^()]{{0,70}}\)
      | \({AGENCY}\ ?/[^()]{{2,70}}\)
      | (?:[Pp]hoto|[Ii]mage|[Pp]icture)s?(?:\ (?:credit|courtesy|source))?
        \ ?(?::|by\b|/|©)\ ?[^.]{{2,80}}
      | (?:\bvia\ |\b[A-Z][\w.]+/|©\ ?){AGENCY}(?:\ (?:via|/)\ [\w ]{{2,30}})?
      | \b(?:REUTERS|AFP|AP|EPA|EPA-EFE)\ ?/\ ?[A-Z][\w.'’-]+
        (?:\ [A-Z][\w.'’-]+){{0,3}}(?:/[\w ]+)?
    )\s*\.?$""",
    re.VERBOSE,
)
# One of these is in every such credit; most lines need no search.
CREDIT_SIGNS = ("(", "/", "©", "via ", "hoto", "mage", "icture")
CAPTION_LABEL = re.compile(
    r"(?:\[\d+/\d+\]|item \d+ of \d+ \w|file\s+(?:photo|image|picture|pic)\b|file\s*[-–—:]\s"
    r"|(?:photo|image|picture|pictured)\s*[:|]|(?:photo|image|media) (?:caption|credit|source)"
    r"|(?:caption|photograph)\s*:|illustrati(?:on|ve)\b.{0,20}:|archive photo\b"
    r"|this photo\b.{0,40}\bshows\b)",
    re.IGNORECASE,
)
NOT_A_CREDIT = re.compile(
    r"(?:\d{1,3}(?:[,–-]\s*\d{1,3})*|sic|note \d+|citation needed|laughs|applause|laughter|\.\.\.|…"
    r"|edit|who|when|by whom)",
    re.IGNORECASE,
)


def judge_alone(line: str) -> BlockKind | None:
    """Say what a line is by its own words, or None where they do not tell.

    A line longer than a long caption is text whatever it says.
    """
    if len(line) > LONGEST_CAPTION:
        return None
    if is_furniture(line):
        return BlockKind.FURNITURE
    if is_header_line(line):
        return BlockKind.HEADER
    if is_caption(line):
        return BlockKind.CAPTION
    return None


def bare(line: str) -> str:
    """Return a line in small letters without the marks and bullets at its ends."""
    # Stripping closing marks is linear; a pattern tries anew at each of the line's spaces.
    words = line.strip("_ ").rstrip(CLOSING_MARKS)
    opening = OPENING_MARKS.match(words)
    return words[opening.end() if opening else 0 :].lower().replace("’", "'")


def is_furniture(line: str) -> bool:
    """Say whether a line is the page's own: a link, a share bar, a call, a copyright or credit."""
    if len(line) > LONGEST_CAPTION:
        return False
    lists = read_word_lists()
    plain = bare(line)
    if not plain or plain in lists["fixtures"] or MACHINE_LINE.fullmatch(plain):
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
    if _is_share_bar(WORD.findall(plain)):
        return True
    return _is_call(line, plain, lists["calls"])


def _is_share_bar(words: Sequence[str]) -> bool:
    places, others = read_word_lists()["share_places"], read_word_lists()["share_words"]
    return (
        len(words) <= 14
        and any(word in places for word in words)
        and all(word in places or word in others or word.isdigit() for word in words)
    )


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
    if LONE_DATELINE.fullmatch(line) or CONTRIBUTED.search(line):
        return True
    name, _, place = bare(line).strip("()[]").partition(",")
    lists = read_word_lists()
    return name in lists["agencies"] - lists["only_pictures"] and len(place.split()) <= 3


def _is_byline(rest: str) -> bool:
    """Judge what follows "By": names and posts, no sentence."""
    without_dates = re.sub(r"[–—-]*\s*\d[\d/.:-]*", " ", rest)
    words = re.findall(r"[^\W\d_][\w'’.-]*", without_dates)
    if not words or len(words) > 24:
        return False
    if rest.rstrip().endswith((".", "!", "?")) and len(words) > 6:
        return False
    joints = read_word_lists()["byline_words"]
    small = [word for word in words if word[0].islower() and word not in joints]
    return len(small) == 0 or (len(small) == 1 and "@" in rest)


def is_picture_credit(line: str) -> bool:
    """Say whether a line is only the name of whoever took a picture."""
    return bare(line).strip("()[]") in read_word_lists()["only_pictures"]


def is_caption(line: str) -> bool:
    """Say whether a line is the caption of a picture: a credit ends it, or a label opens it."""
    if CAPTION_LABEL.match(line) or is_picture_credit(line):
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
    if not any(sign in line for sign in CREDIT_SIGNS):
        return False
    return PHOTO_CREDIT_AT_END.search(line) is not None

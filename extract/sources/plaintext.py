"""Plain text and Markdown: title, day, source and address are read from the text's own head."""

from __future__ import annotations

import datetime
import re

from extract.errors import ArticleError, UndatedError, UnreadableError
from extract.layout.datelines import find_dates
from extract.layout.header import read_header
from extract.records import Article, hash_id
from extract.sources.addresses import canonicalise, is_same_site, is_web_address
from extract.sources.jsonlines import mend_surrogates

ADDRESS_LINE = re.compile(r"(?:(?:url|link|source|web)\s*:\s*)?(https?://\S+)", re.IGNORECASE)
FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<fields>(?:.*\n){0,80}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
FIELD = re.compile(r"(?P<name>[A-Za-z_ -]+?)\s*:\s*(?P<value>.*)")
FIELD_NAMES = {
    "title": ("title", "headline"),
    "published": ("published", "date", "publication date", "publishdate", "pubdate"),
    "url": ("url", "link", "canonical", "canonical_url", "original"),
    "source": ("source", "outlet", "publisher", "site"),
}
# No mark stands further from its end than this, so that hostile lines take no more time than
# their length.
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(\S.*)?$", re.MULTILINE)
UNDERLINED = re.compile(r"^(?=\S)(.+)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,1000}\)")
LINK = re.compile(r"(?<!!)\[([^\]\n]{1,300})\]\((?:[^()\n]|\([^()\n]{0,300}\)){0,1000}\)")
EMPHASIS = re.compile(r"(\*\*|__|\*|~~)(?=\S)([^\n]{1,300}?)(?<=\S)\1(?!\w)")
QUOTE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
COMMENT_OPENS, COMMENT_CLOSES = "<!--", "-->"
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")
# Common words of English that its neighbours lack ("a", "in", "an" and "was" are theirs too).
# Of 1,203 English news articles of 40 words and more (LGL, GeoVirus, re3d, SETimes, TimeBank,
# GUM), the lowest share was 0.04.
COMMON_WORDS = frozenset(
    """
    the of and that with which were their from said would will this have been after about into more
    than its they who his but it not also when other could between first are had
    """.split()
)
LOWEST_SHARE = 0.02
JUDGED_WORDS = 40
# The commonest words of the languages that are nearest to English in letters. A shorter text is
# not English where it has more of these than of English's own; names bring one or two along.
OTHER_WORDS = frozenset(
    """
    que los las del por para una con como pero está und der das nicht mit auf ist eine dem von les
    des est dans pour une qui sur avec pas il che della per sono nel não uma dos ao em het een van
    niet zijn ve bir bu için ile yang dan di dengan untuk nie się jest och att som är på det av
    """.split()
)
FEWEST_OTHER_WORDS = 3
WORD = re.compile(r"[^\W\d_]+")


def read_plain_text(
    text: str, *, url: str | None = None, published: datetime.date | None = None
) -> Article:
    """Read an article from plain text.

    `url` is where the text was had; an address in its head that is of the same site, or any where
    there is no `url`, stands before it. `published` stands in where the text gives no day of
    publication. Raises UnreadableError for a text that is empty or not English, UndatedError
    where no day is known.
    """
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n\t ")
    header_lines = body.split("\n", 6)[:6]
    addresses = (ADDRESS_LINE.fullmatch(line.strip()) for line in header_lines)
    own = next((found.group(1) for found in addresses if found), None)
    if own and (url is None or is_same_site(own, url)):
        url = own
    return build_article(body, url=url, published=published)


def read_markdown(text: str, *, published: datetime.date | None = None) -> Article:
    """Read an article from Markdown; its marks are taken off and its front matter is used.

    Raises as `read_plain_text` does.
    """
    body = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n\t ")
    fields: dict[str, str] = {}
    matter = FRONT_MATTER.match(body)
    if matter:
        fields = read_fields(matter["fields"])
        body = body[matter.end() :]
    written = fields.get("published")
    return build_article(
        strip_markdown(body),
        title=fields.get("title"),
        url=fields.get("url"),
        source=fields.get("source"),
        given=parse_written_day(written) if written else None,
        published=published,
    )


def strip_markdown(text: str) -> str:
    """Return the words of a Markdown text, its lines as they are, without its marks."""
    plain = HEADING.sub(_read_heading, _drop_comments(text))
    plain = UNDERLINED.sub(r"\1", plain)
    plain = LINK.sub(r"\1", PICTURE.sub(r"\1", plain))
    plain = EMPHASIS.sub(r"\2", QUOTE.sub("", plain))
    return ESCAPE.sub(r"\1", plain).strip()


def _read_heading(heading: re.Match[str]) -> str:
    """Return a heading's words without the marks that may close it: "# Gas ##"."""
    words = (heading.group(1) or "").rstrip(" \t")
    bare = words.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else words


def _drop_comments(text: str) -> str:
    parts: list[str] = []
    position = 0
    while (opens := text.find(COMMENT_OPENS, position)) >= 0:
        closes = text.find(COMMENT_CLOSES, opens)
        if closes < 0:
            break
        parts.append(text[position:opens])
        position = closes + len(COMMENT_CLOSES)
    return "".join([*parts, text[position:]])


def read_fields(lines: str) -> dict[str, str]:
    """Read "name: value" lines under our own names; what has no name of ours is left out."""
    found: dict[str, str] = {}
    for line in lines.splitlines():
        match = FIELD.fullmatch(line.strip())
        if match is None:
            continue
        value = match["value"].strip().strip("\"'")
        for field, names in FIELD_NAMES.items():
            if match["name"].strip().lower() in names and value:
                found.setdefault(field, value)
    return found


def parse_written_day(written: str) -> datetime.date:
    """Read a day in any form that has one meaning: ISO, "June 12, 2024", RFC 5322, 31/12/2024.

    Raises UnreadableError for no day, and for one that can be read two ways.
    """
    dates = [date for date in find_dates(written) if date.year is not None]
    if len({(date.year, date.month, date.day) for date in dates}) != 1:
        raise UnreadableError(f"its date {written!r} cannot be read; give YYYY-MM-DD")
    if dates[0].ambiguous and "/" in written:
        raise UnreadableError(f"its date {written!r} can be read two ways; give YYYY-MM-DD")
    return dates[0].resolve()


def build_article(
    text: str,
    *,
    title: str | None = None,
    url: str | None = None,
    source: str | None = None,
    given: datetime.date | None = None,
    published: datetime.date | None = None,
) -> Article:
    """Make an article of a text and of what is known about it, the rest read from its head.

    `given` is the article's own day; the head's day comes after it, and `published`, the user's
    word for articles without a day, last. What no database holds (zeros, half surrogate pairs)
    gives way to U+FFFD, one for one. The id is a hash of the canonical URL, or of the
    text. Raises UnreadableError for a text that is empty or not English,
    UndatedError where no day is known.
    """
    text = mend_surrogates(text)
    title, source = (mend_surrogates(words) if words else words for words in (title, source))
    if not text.strip():
        raise UnreadableError("it is empty; there is nothing to read")
    if not is_english(text):
        raise UnreadableError("its text is not in English, the one language that is read so far")
    header = read_header(text, title=title)
    day = given or header.published or published
    if day is None:
        hint = f' ("{header.unclear}" is not enough)' if header.unclear else ""
        raise UndatedError(
            f"it gives no day of publication{hint}; add a line such as 2024-06-12 above the text, "
            "or give --published YYYY-MM-DD"
        )
    canonical = _canonical(url)
    return Article(
        id=hash_id(canonical or text),
        text=text,
        title=header.title,
        url=canonical,
        source=source or header.source,
        published=day,
    )


def is_english(text: str) -> bool:
    """Say whether a text is in English, by its letters and commonest words.

    A short text in Latin letters is believed unless other languages' words outnumber its own.
    """
    words = WORD.findall(text[:20_000].lower())
    # No word of English is without a Latin letter; accents are rare enough.
    if sum(not word.isascii() for word in words) * 2 > len(words):
        return False
    english = sum(word in COMMON_WORDS for word in words)
    if len(words) < JUDGED_WORDS:
        other = sum(word in OTHER_WORDS for word in words)
        return other < FEWEST_OTHER_WORDS or other <= english
    return english >= LOWEST_SHARE * len(words)


def _canonical(url: str | None) -> str | None:
    """Return the canonical address, or None for what is no web address."""
    if url is None or not is_web_address(url):
        return None
    try:
        return canonicalise(url)
    except ArticleError:
        return None

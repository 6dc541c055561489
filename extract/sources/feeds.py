"""Feeds: RSS 0.90 to 2.0, Atom 0.3 and 1.0, and JSON Feed become entries with an address each.

bytes -> text (`encodings`) -> mended XML without entities (`markup`) -> feedparser -> Feed

feedparser is given well-formed XML only, from memory, and neither loads nor cleans anything: an
entry's address, title and day are all that is taken.
"""

from __future__ import annotations

import calendar
import datetime
import html
import io
import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from extract.errors import FetchError, UnreadableError
from extract.sources.addresses import canonicalise, is_web_address
from extract.sources.encodings import decode
from extract.sources.jsonlines import mend_surrogates
from extract.sources.markup import declared_encoding, find_root, parse_markup
from extract.sources.plaintext import parse_written_day

ROOTS = ("rss", "RDF", "feed", "channel")
FEED_LINK_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
)
TAG = re.compile(r"<[^<>]*>")
TITLE_LENGTH, DATE_LENGTH = 500, 100
# Feeds give wrong years; no feed is older than the first ones, and none is of next week.
EARLIEST = datetime.date(1995, 1, 1)
AHEAD = datetime.timedelta(days=2)
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed.

    `url` is the canonical address of its page. `published` is the day that the feed gives, as
    written there; None where it gives none, or one that cannot be.
    """

    url: str
    title: str | None = None
    published: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds, its entries in its own order, each address once.

    `version` is feedparser's name of the format ("rss20", "atom10"), or "json". `without_url`
    counts the entries that name no page.
    """

    version: str
    title: str | None = None
    language: str | None = None
    entries: tuple[FeedEntry, ...] = ()
    without_url: int = 0


def read_feed(raw: bytes, *, url: str, charset: str | None = None) -> Feed:
    """Read a feed of any of the formats.

    `url` is where it was had: relative links start there. `charset` is what the server said.
    Raises UnreadableError for what is no feed; of a web page it says which feeds the page names.
    """
    if not raw.strip():
        raise UnreadableError("the feed is empty; check its address")
    text = decode(raw, declared=declared_encoding(raw) or charset).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return _read_json_feed(text, url)
    page, feed = find_root(text, ("html", "body")), find_root(text, ROOTS)
    if feed is None or (page is not None and page.start() < feed.start()):
        raise UnreadableError(_describe_other(text, url))
    return _read_xml_feed(text, url)


def find_feed_links(text: str, url: str) -> list[str]:
    """Return the addresses of the feeds that a web page names in its head."""
    parser = etree.HTMLParser(no_network=True, recover=True, remove_comments=True)
    try:
        tree = etree.fromstring(text.encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    links = tree.iter("link") if tree is not None else ()
    found = [
        address
        for link in links
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").strip().lower() in FEED_LINK_TYPES
        and (address := _join(url, link.get("href") or ""))
    ]
    return list(dict.fromkeys(found))


def _describe_other(text: str, url: str) -> str:
    named = find_feed_links(text, url)[:SUGGESTED]
    if named:
        return f"it is a web page, no feed; the page names {' and '.join(named)}: add that"
    return "it is no feed (RSS, Atom or JSON Feed); give the feed's own address"


# RSS and Atom


def _read_xml_feed(text: str, url: str) -> Feed:
    root = parse_markup(text, roots=ROOTS)
    # Mending lets pass names that lxml's own reading of them would not.
    if str(root.tag).rpartition("}")[2].lower() == "channel":
        # A channel without its rss element is read as if it had one.
        whole = etree.Element("rss", version="2.0")
        whole.append(root)
        root = whole
    for guid in root.iter("{*}guid"):
        # A guid says by default that it is an address, and feedparser believes it.
        if not is_web_address((guid.text or "").strip()):
            guid.set("isPermaLink", "false")
    mended = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    try:
        # Of what is not well-formed feedparser tries its loose reader, which takes time that
        # grows with the square of the size.
        etree.fromstring(mended, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"the feed is damaged ({error}); try again later") from error
    try:
        parsed = feedparser.parse(
            io.BytesIO(mended),
            response_headers={"content-location": url, "content-type": "application/xml"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    # feedparser's own slips on wild input come as errors of these kinds.
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnreadableError(f"the feed cannot be read ({error!r}); try again later") from error
    if not parsed.version and not parsed.entries:
        raise UnreadableError("it is no feed (RSS, Atom or JSON Feed); give the feed's own address")
    found = [_read_xml_entry(entry, url) for entry in parsed.entries]
    return _gather(
        str(parsed.version or "unknown"),
        _read_title(parsed.feed.get("title")),
        _as_string(parsed.feed.get("language")),
        found,
    )


def _read_xml_entry(entry: Any, url: str) -> FeedEntry | None:
    address = _as_string(entry.get("feedburner_origlink")) or _as_string(entry.get("link"))
    identity = _as_string(entry.get("id"))
    chosen = address or (identity if identity and is_web_address(identity) else None)
    canonical = _join(url, chosen or "")
    if canonical is None:
        return None
    # `dict.get` leaves out feedparser's stand-ins of one date for another.
    day = next(
        (
            day
            for name in ("published", "created", "issued", "updated", "modified")
            if (day := _read_day(dict.get(entry, name), dict.get(entry, f"{name}_parsed")))
        ),
        None,
    )
    return FeedEntry(canonical, _read_title(entry.get("title")), day)


# JSON Feed


def _read_json_feed(text: str, url: str) -> Feed:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the feed is no JSON ({error}); try again later") from error
    version = values.get("version") if isinstance(values, dict) else None
    items = values.get("items") if isinstance(values, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in str(version).lower():
        raise UnreadableError("it is JSON, but no JSON Feed; give the feed's own address")
    return _gather(
        "json",
        _read_title(values.get("title")),
        _as_string(values.get("language")),
        [_read_json_entry(item, url) for item in items],
    )


def _read_json_entry(item: Any, url: str) -> FeedEntry | None:
    if not isinstance(item, dict):
        return None
    identity = _as_string(item.get("id"))
    chosen = (
        _as_string(item.get("url"))
        or _as_string(item.get("external_url"))
        or (identity if identity and is_web_address(identity) else None)
    )
    canonical = _join(url, chosen or "")
    if canonical is None:
        return None
    day = _read_day(item.get("date_published"), None) or _read_day(item.get("date_modified"), None)
    return FeedEntry(canonical, _read_title(item.get("title")), day)


# Both


def _gather(
    version: str, title: str | None, language: str | None, found: list[FeedEntry | None]
) -> Feed:
    entries: dict[str, FeedEntry] = {}
    for entry in found:
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return Feed(version, title, language, tuple(entries.values()), found.count(None))


def _join(base: str, link: str) -> str | None:
    """Return the canonical address of a link that may be relative, or None for none."""
    link = mend_surrogates(link).strip()
    if not link:
        return None
    try:
        return canonicalise(urljoin(base, link))
    except (FetchError, ValueError):
        return None


def _read_title(value: Any) -> str | None:
    """Return a title in plain words: without HTML, which feeds write in titles all the same."""
    if not isinstance(value, str):
        return None
    words = mend_surrogates(html.unescape(TAG.sub(" ", value[: 4 * TITLE_LENGTH])))
    return " ".join(words.split())[:TITLE_LENGTH] or None


def _as_string(value: Any) -> str | None:
    return mend_surrogates(value).strip() or None if isinstance(value, str) else None


def _read_day(written: Any, parsed: time.struct_time | None) -> datetime.date | None:
    """Return the day as it is written, in its own time zone; else as feedparser read it."""
    day: datetime.date | None = None
    if isinstance(written, str) and written.strip():
        try:
            day = parse_written_day(written[:DATE_LENGTH])
        except UnreadableError:
            day = None
    if day is None and parsed is not None:
        try:
            moment = datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC)
        except (ValueError, OverflowError, OSError):
            return None
        day = moment.date()
    latest = datetime.datetime.now(datetime.UTC).date() + AHEAD
    return day if day is not None and EARLIEST <= day <= latest else None

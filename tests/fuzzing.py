"""Inputs that no one would write: our own, mutated, and what the readers make of them.

find_seeds() -> a few whole inputs of each kind;  mutate(seed, random) -> a broken one
read_one(kind, raw) -> how many articles, entries or feeds were read; an ExtractError says no
"""

from __future__ import annotations

import contextlib
import datetime
import gzip
import json
import random
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from extract.errors import ExtractError
from extract.records import Article
from extract.sources.addresses import canonicalise
from extract.sources.decompression import Decompressor
from extract.sources.encodings import decode
from extract.sources.feeds import read_feed
from extract.sources.files import Reading, Refusal, read_inputs
from extract.sources.opml import read_opml, write_opml
from extract.sources.plaintext import read_markdown, read_plain_text
from extract.sources.robots import read_robots
from extract.sources.webpages import read_page

DAY = datetime.date(2024, 6, 12)
SIZE_LIMIT = 1_000_000

BODY = (
    "Turkey and Georgia will hold a naval drill off the port of Batumi this week, officials of "
    "both countries said in a statement on Monday, and called the exercise a routine one."
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Drill | News</title>
<meta property="og:url" content="/drill"><link rel="canonical" href="https://news.example/drill">
<meta property="article:published_time" content="2024-06-12T08:00:00+04:00">
<script type="application/ld+json">
{{"@type": "NewsArticle", "datePublished": "2024-06-12"}}</script>
</head><body><nav><a href="/">Home</a></nav><article><h1>Drill off Batumi</h1><div>By Jane Doe |
June 12, 2024</div><figure><figcaption>A frigate leaves the port of Istanbul</figcaption></figure>
<p>{BODY}</p><table><tr><td>1</td><td>2</td></tr></table><p>{BODY}</p><ul><li>{BODY}</li></ul>
</article><aside>Other</aside></body></html>"""
RSS = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY l "lol">]>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News &amp; more</title>
<link>https://news.example/</link><language>en</language>
<item><title>One &lt;b&gt;x&lt;/b&gt;</title>
<link>/one?utm_source=x&amp;y=1</link><guid isPermaLink="false">1</guid>
<pubDate>Wed, 12 Jun 2024 10:00:00 +0400</pubDate>
<description><![CDATA[<p>x</p>]]></description></item>
<item><title>Two</title><guid>https://news.example/two</guid><dc:date>2024-06-12</dc:date></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"
xml:base="https://a.example/"><title type="html">A &lt;b>x&lt;/b></title>
<entry><title>t</title><link rel="enclosure" href="z.mp3"/><link href="one"/>
<updated>2024-06-12T00:00:00Z</updated>
<content type="xhtml"><div>x</div></content>
</entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {"id": "1", "url": "/one", "title": "One", "date_published": "2024-06-12T10:00:00Z"},
            {"id": 2, "external_url": "https://b.example/", "date_modified": None},
        ],
    }
)
TEXT = (
    "Baku signs a deal\nBy Jane Doe\nhttps://news.example/a\nJune 12, 2024\n\n"
    f"BAKU - {BODY}\n\n{BODY}"
)
MARKDOWN = (
    '---\ntitle: "Baku signs"\ndate: 2024-06-12\n---\n# Baku *signs*\n\n![a](b)\n'
    f"> {BODY}\n\nGas\n---\n"
)
LINES = "\n".join(
    json.dumps(
        {"id": n, "text": BODY, "published": "2024-06-12", "title": "x", "url": "http://a.b/"}
    )
    for n in range(3)
)
TABLE = (
    f'title,text,date,url\r\nDrill,"{BODY}, ""so""",2024-06-12,http://a.b/c\r\nx,y,12/31/2024,\r\n'
)
OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Gulf"><outline type="rss"
text="A &amp; B" xmlUrl="https://a.example/rss?x=1&amp;y=2" country="OMN" language="en"/></outline>
</body></opml>"""
ROBOTS = "User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2\nSitemap: https://a.example/s\n"
ADDRESS = "https://News.Example:8443/a/b;c?utm_source=x&q=%20y#part"

TOKENS = (
    b"<",
    b">",
    b"&",
    b'"',
    b"'",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\n",
    b"\r",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?xml",
    b"<!DOCTYPE x [<!ENTITY a '&b;'>]>",
    b"&a;",
    b"&#0;",
    b"&#xD800;",
    b"&#99999999;",
    b"&nbsp;",
    b"</",
    b"/>",
    b"<br>",
    b"<script>",
    b"<title>",
    b"<item>",
    b"<entry>",
    b"<rss>",
    b"<html lang='ru'>",
    b"xmlns:a='b'",
    b"xml:base='http://['",
    b"charset=utf-7",
    b"encoding='ebcdic-cp-us'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"NaN",
    b"1e999",
    b"-0",
    b"99999999999999999999",
    b"\\ud800",
    b"2024-13-45",
    b"0000-00-00",
    b"June 31, 99999",
    b"31 Feb 2024 25:61:61 +9999",
    b"http://[::1",
    b"http://a:99999/",
    b"javascript:x",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"---\n",
    b"|",
    b"\t",
    b"a" * 5_000,
    b"<a>" * 300,
    b"[" * 3_000,
    b"(" * 300,
    b"9" * 5_000,
    b" " * 3_000,
    "ａ\u202e\u0130ß".encode(),
)


def find_seeds() -> dict[str, list[bytes]]:
    """Return whole inputs of each kind."""
    opml = write_opml(read_opml(OPML.encode())[0], title="x")
    texts: dict[str, list[str | bytes]] = {
        "page": [PAGE],
        "feed": [RSS, ATOM, JSON_FEED],
        "text": [TEXT],
        "markdown": [MARKDOWN],
        "jsonl": [LINES],
        "csv": [TABLE],
        "opml": [OPML, opml],
        "robots": [ROBOTS],
        "address": [ADDRESS],
        "packed": [gzip.compress(PAGE.encode()), zlib.compress(PAGE.encode())],
    }
    return {
        kind: [seed.encode() if isinstance(seed, str) else seed for seed in seeds]
        for kind, seeds in texts.items()
    }


def mutate(seed: bytes, chance: random.Random, *, others: list[bytes]) -> bytes:
    """Return a seed after one to eight mutations; `others` are spliced into it."""
    raw = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        place = chance.randrange(len(raw) + 1)
        end = min(len(raw), place + chance.choice((1, 2, 8, 64, 512)))
        match chance.randrange(9):
            case 0 if raw:
                raw[place % len(raw)] ^= 1 << chance.randrange(8)
            case 1:
                del raw[place:end]
            case 2:
                raw[place:place] = raw[place:end] * chance.choice((1, 2, 20))
            case 3:
                del raw[place:]
            case 4 | 5:
                raw[place:place] = chance.choice(TOKENS)
            case 6:
                raw[place:end] = chance.randbytes(end - place)
            case 7:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                raw[place:end] = other[start : start + chance.randrange(400)]
            case _:
                raw[place:end] = chance.choice(TOKENS)
        del raw[60_000:]
    if chance.random() < 0.05:
        text = raw.decode("utf-8", errors="replace")
        encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1251", "utf-7", "cp037"))
        return text.encode(encoding, errors="replace")
    return bytes(raw)


def read_one(kind: str, raw: bytes, folder: Path) -> int:
    """Read an input of a kind as the program does and return how much was found in it.

    Raises what the reader raises: an ExtractError is an answer, anything else a fault.
    """
    readers: dict[str, Callable[[bytes], int]] = {
        "page": _read_pages,
        "feed": lambda raw: len(read_feed(raw, url="https://a.example/", charset=None).entries),
        "text": lambda raw: _count(read_plain_text(decode(raw), published=DAY)),
        "markdown": lambda raw: _count(read_markdown(decode(raw), published=DAY)),
        "jsonl": lambda raw: _read_file(raw, folder / "a.jsonl"),
        "csv": lambda raw: _read_file(raw, folder / "a.csv"),
        "opml": lambda raw: len(read_opml(raw)[0]),
        "robots": lambda raw: int(read_robots(200, raw).allows("https://a.example/a/b?c")),
        "address": lambda raw: len(canonicalise(raw.decode(errors="surrogateescape"))),
        "packed": _unpack,
    }
    return readers[kind](raw)


def _read_pages(raw: bytes) -> int:
    count = 0
    for url, charset in ((None, None), ("https://news.example/a", "utf-16")):
        with contextlib.suppress(ExtractError):
            count += _count(read_page(raw, url=url, charset=charset, published=DAY))
    return count


def _count(article: Article) -> int:
    # What a store cannot hold is found here: half surrogate pairs and zeros.
    for value in (article.text, article.title, article.url, article.source):
        assert value is None or ("\x00" not in value and value.encode() is not None)
    return 1


def _read_file(raw: bytes, path: Path) -> int:
    path.write_bytes(raw)
    count = 0
    for origin, found in read_inputs([str(path)], Reading(published=DAY, size_limit=SIZE_LIMIT)):
        if isinstance(found, Refusal):
            assert origin
            assert found.reason
        else:
            count += _count(found)
    return count


def _unpack(raw: bytes) -> int:
    unpacker = Decompressor("gzip" if raw[:1] == b"\x1f" else "deflate")
    pieces = [unpacker.unpack(raw[at : at + 777], SIZE_LIMIT) for at in range(0, len(raw), 777)]
    return sum(map(len, pieces))


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for the files that readers of files are given."""
    return tempfile.TemporaryDirectory(prefix="dateline-fuzz-")

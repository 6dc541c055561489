"""Feeds of every version, written by us, with the malformations that feeds usually have."""

from __future__ import annotations

import contextlib
import datetime
import time

import pytest

from extract.errors import UnreadableError
from extract.sources.feeds import FeedEntry, find_feed_links, read_feed
from extract.sources.markup import parse_markup

URL = "https://news.example/feeds/world.xml"
DAY = datetime.date(2024, 6, 12)
DRILL = FeedEntry("https://news.example/drill", "Drill off Batumi", DAY)
TALKS = FeedEntry("https://news.example/talks", "Talks in Baku & Tbilisi", DAY)


def rss(items: str, *, version: str = "2.0", head: str = "", extra: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="{version}"{extra}><channel>'
        "<title>Example News</title><link>https://news.example/</link>"
        f"<description>News</description><language>en-gb</language>{items}</channel></rss>"
    )


def item(title: str, link: str, date: str = "Wed, 12 Jun 2024 10:00:00 GMT") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


TWO = item("Drill off Batumi", "https://news.example/drill") + item(
    "Talks in Baku &amp; Tbilisi", "https://news.example/talks"
)

RSS_091_NETSCAPE = rss(
    "<item><title>Drill off Batumi</title><link>https://news.example/drill</link></item>"
    "<item><title>Talks in Baku &amp; Tbilisi</title><link>https://news.example/talks</link></item>",
    version="0.91",
    head='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">',
)
RSS_10 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>Example News</title>
<link>https://news.example/</link><dc:language>en</dc:language></channel>
<item rdf:about="https://news.example/drill"><title>Drill off Batumi</title>
<link>https://news.example/drill</link><dc:date>2024-06-12T10:00:00Z</dc:date></item>
<item rdf:about="https://news.example/talks"><title>Talks in Baku &amp; Tbilisi</title>
<link>https://news.example/talks</link><dc:date>2024-06-12</dc:date></item></rdf:RDF>"""
RSS_090 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Example News</title>
<link>https://news.example/</link></channel>
<item><title>Drill off Batumi</title><link>https://news.example/drill</link></item>
<item><title>Talks in Baku &amp; Tbilisi</title><link>https://news.example/talks</link></item>
</rdf:RDF>"""
ATOM_03 = """<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#">
<title mode="escaped">Example News</title><link rel="alternate" href="https://news.example/"/>
<entry><title>Drill off Batumi</title><id>tag:news.example,2024:1</id>
<link rel="alternate" type="text/html" href="https://news.example/drill"/>
<issued>2024-06-12T10:00:00Z</issued><modified>2024-06-14T10:00:00Z</modified></entry>
<entry>
<title mode="escaped" type="text/html">Talks in &lt;b&gt;Baku&lt;/b&gt; &amp;amp; Tbilisi</title>
<link rel="alternate" href="https://news.example/talks"/><issued>2024-06-12</issued></entry>
</feed>"""
ATOM_10 = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"
xml:base="https://news.example/"><title>Example News</title><link href="/"/>
<entry><title>Drill off Batumi</title><id>urn:uuid:1</id>
<link rel="enclosure" href="https://news.example/a.mp3"/><link href="drill"/>
<published>2024-06-12T23:30:00-05:00</published><updated>2024-06-15T00:00:00Z</updated></entry>
<entry><title type="html">Talks in &lt;i>Baku&lt;/i> &amp;amp; Tbilisi</title>
<link rel="alternate" href="/talks"/><updated>2024-06-12T00:30:00+04:00</updated></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Example News",
"language": "en", "items": [
{"id": "1", "url": "https://news.example/drill", "title": "Drill off Batumi",
"date_published": "2024-06-12T10:00:00+04:00"},
{"id": "https://news.example/talks", "title": "Talks in Baku &amp; Tbilisi",
"date_modified": "2024-06-12"}]}"""


@pytest.mark.parametrize(
    ("text", "version", "dated"),
    [
        (RSS_090, "rss090", False),
        (RSS_091_NETSCAPE, "rss091n", False),
        (rss(TWO, version="0.91"), "rss091u", True),
        (rss(TWO, version="0.92"), "rss092", True),
        (rss(TWO, version="0.93"), "rss093", True),
        (rss(TWO, version="0.94"), "rss094", True),
        (RSS_10, "rss10", True),
        (rss(TWO), "rss20", True),
        (ATOM_03, "atom03", True),
        (ATOM_10, "atom10", True),
        (JSON_FEED, "json", True),
    ],
)
def test_every_version_is_read(text: str, version: str, dated: bool) -> None:
    feed = read_feed(text.encode(), url=URL)
    days = (DRILL.published, TALKS.published) if dated else (None, None)
    assert feed.entries == (
        FeedEntry(DRILL.url, DRILL.title, days[0]),
        FeedEntry(TALKS.url, TALKS.title, days[1]),
    )
    assert feed.title == "Example News"
    # Without its document type Netscape's 0.91 cannot be told from Userland's.
    assert feed.version == ("rss091u" if version == "rss091n" else version)


MALFORMED = {
    "a mark and blank lines first": "\ufeff\n\n  " + rss(TWO),
    "a warning of the server first": "<b>Warning</b>: mysql in /x.php\n" + rss(TWO),
    "undeclared entities": rss(TWO + item("A&nbsp;b &hellip; &foo; AT&T", "https://a.example/")),
    "a stray ampersand in a link": rss(TWO + item("x", "https://a.example/?a=1&b=2")),
    "HTML in a title": rss(
        item("Drill <b>off</b> Batumi", "https://news.example/drill")
        + item("Talks in &lt;i&gt;Baku&lt;/i&gt; &amp;amp; Tbilisi", "https://news.example/talks")
    ),
    "CDATA": rss(
        item("<![CDATA[Drill off Batumi]]>", "<![CDATA[ https://news.example/drill ]]>")
        + item("<![CDATA[Talks in Baku &amp; Tbilisi]]>", "\nhttps://news.example/talks\n")
    ),
    "relative links": rss(TWO.replace("https://news.example/", "/")),
    "links with tracking": rss(TWO.replace("</link>", "?utm_source=rss&amp;utm_medium=x</link>")),
    "an entry twice": rss(TWO + TWO),
    "control characters": rss(TWO.replace("Drill off", "Drill\x0b off")),
    "the end missing": rss(TWO).removesuffix("</channel></rss>"),
    "open voids": rss(
        TWO.replace("<pubDate>", "<description>One<br>two <img src=a.jpg></description><pubDate>")
    ),
    "undeclared prefixes": rss(TWO.replace("<pubDate>", "<media:thumbnail url='x'/><pubDate>")),
    "an encoding that is not its own": rss(TWO).replace("utf-8", "utf-16"),
    "no encoding that there is": rss(TWO).replace("utf-8", "x-none"),
    "a link as the guid": rss(
        TWO.replace("<link>https://news.example/t", "<guid>https://news.example/t").replace(
            "talks</link>", "talks</guid>"
        )
    ),
    "a number for a guid": rss(TWO.replace("</item>", "<guid>12345</guid></item>")),
    "dates of Dublin Core": rss(
        TWO.replace("pubDate>", "dc:date>").replace("Wed, 12 Jun 2024 10:00:00 GMT", "2024-06-12")
    ),
    "a zone of its own": rss(TWO.replace("10:00:00 GMT", "23:30:00 -0500")),
    "upper case": rss(TWO).replace("<rss", "<RSS").replace("</rss", "</RSS"),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_feeds_are_read_all_the_same(text: str) -> None:
    feed = read_feed(text.encode(), url=URL)
    assert feed.entries[:2] == (DRILL, TALKS)
    assert len(feed.entries) == len({entry.url for entry in feed.entries})


def test_mending_keeps_what_is_there() -> None:
    feed = read_feed(MALFORMED["undeclared entities"].encode(), url=URL)
    assert feed.entries[2].title == "A b … &foo; AT&T"
    feed = read_feed(MALFORMED["a stray ampersand in a link"].encode(), url=URL)
    assert feed.entries[2].url == "https://a.example/?a=1&b=2"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_feed_is_read_in_its_own_encoding(encoding: str) -> None:
    text = rss(item("Bâtumi – “so”", "https://news.example/a")).replace("utf-8", "windows-1252")
    assert read_feed(text.encode(encoding), url=URL).entries[0].title == "Bâtumi – “so”"


def test_a_russian_feed_is_read_in_the_encoding_that_it_declares() -> None:
    text = rss(item("Учения у Батуми", "https://news.example/a")).replace("utf-8", "koi8-r")
    assert read_feed(text.encode("koi8-r"), url=URL).entries[0].title == "Учения у Батуми"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Wed, 12 Jun 2024 10:00:00 +0400", DAY),
        ("12 Jun 2024", DAY),
        ("2024-06-12 10:00", DAY),
        ("Wed, 12 Jun 24 10:00:00 EST", DAY),
        ("June 12, 2024", DAY),
        ("31/31/2024", None),
        ("0000-00-00 00:00:00", None),
        ("Wed, 12 Jun 2044 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
        ("9" * 5_000, None),
    ],
)
def test_a_day_is_read_or_left_out(written: str, day: datetime.date | None) -> None:
    feed = read_feed(rss(item("x", "https://a.example/", written)).encode(), url=URL)
    assert feed.entries[0].published == day


def test_entries_without_a_page_are_counted() -> None:
    items = (
        "<item><title>No link</title></item>"
        "<item><title>Sound</title><enclosure url='https://a.example/x.mp3' type='audio/mpeg'/>"
        "</item>" + item("Script", "javascript:alert(1)") + item("File", "file:///etc/passwd")
        + item("Mail", "mailto:a@b.example") + item("Page", "https://a.example/")
    )  # fmt: skip
    feed = read_feed(rss(items).encode(), url=URL)
    assert [entry.title for entry in feed.entries] == ["Page"]
    assert feed.without_url == 5


def test_json_of_the_wrong_kinds_is_read_as_far_as_it_goes() -> None:
    text = """{"version": "https://jsonfeed.org/version/1", "title": 7, "items": [3, null, [],
    {"url": 5}, {"url": "/a", "title": ["x"], "date_published": 20240612},
    {"external_url": "https://b.example/"}, {"url": "https://[::1"}]}"""
    feed = read_feed(text.encode(), url=URL)
    assert [entry.url for entry in feed.entries] == ["https://news.example/a", "https://b.example/"]
    assert (feed.title, feed.entries[0].title, feed.entries[0].published) == (None, None, None)


PAGE = """<html><head><title>x</title><link rel="stylesheet" href="a.css">
<link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" hreflang="fr"
href="/fr"><link rel="alternate feed" type="application/atom+xml" href="https://b.example/atom">
</head><body><rss></rss></body></html>"""


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"Not found", "no feed"),
        (b"<html><body>Not found</body></html>", "no feed"),
        (PAGE.encode(), "names https://news.example/rss and https://b.example/atom"),
        (b"<opml version='2.0'><body/></opml>", "no feed"),
        (b'{"version": "1"}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "no JSON Feed"),
        (b"{broken", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_feed_is_named(raw: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableError, match=complaint):
        read_feed(raw, url=URL)


def test_a_page_names_its_feeds() -> None:
    assert find_feed_links(PAGE, "https://a.example/x/") == [
        "https://a.example/rss", "https://b.example/atom",
    ]  # fmt: skip


# Hostile feeds


def laughs(depth: int) -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(depth))
    return f"<!DOCTYPE rss [{levels}]>"


@pytest.mark.parametrize(
    "head",
    [
        laughs(10),
        f'<!DOCTYPE rss [<!ENTITY l9 "{"a" * 200_000}">]>',
        '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!-- <rss> --><!DOCTYPE rss [<!ENTITY l9 "lollollol">]>',
        '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>',
    ],
    ids=["laughs", "quadratic", "file", "parameter", "dtd", "comment", "stylesheet"],
)
def test_no_entity_is_expanded_or_loaded(head: str) -> None:
    items = item("x" + "&l9;" * 2_000, "https://a.example/") + TWO
    began = time.monotonic()
    feed = read_feed(rss(items, head=head).encode(), url=URL)
    assert time.monotonic() - began < 5
    titles = " ".join(entry.title or "" for entry in feed.entries)
    assert "lollol" not in titles
    assert "root:" not in titles
    assert "aaaa" not in titles


def test_entities_in_a_wide_encoding_are_not_expanded_either() -> None:
    items = item("x&l9;", "https://a.example/") + TWO
    feed = read_feed(rss(items, head=laughs(10)).encode("utf-16"), url=URL)
    assert feed.entries[0].title == "x&l9;"


SIZE = 100_000
SHAPES = {
    "open elements": "<a>" * (SIZE // 3),
    "half elements": "<a " * (SIZE // 3),
    "attributes": "<item " + "a='b' " * (SIZE // 6),
    "brackets": "<" * SIZE,
    "closing brackets": ">" * SIZE,
    "ampersands": "&" * SIZE,
    "names": "&aaaaaaaaaaaaaaaaaa" * (SIZE // 19),
    "CDATA": "<![CDATA[" * (SIZE // 9),
    "comments": "<!--" * (SIZE // 4),
    "voids": "<br " * (SIZE // 4),
    "prefixes": "".join(f"<p{n}:a/>" for n in range(SIZE // 40)),
    "declared prefixes": "<a " + "".join(f"xmlns:p{n}='u' " for n in range(SIZE // 14)) + "/>",
    "prefixes in use": "".join(f"<p{n}:a xmlns:p{n}='u'/>" for n in range(SIZE // 28)),
    "titles": "<item><title>" + "<b" * (SIZE // 2),
    "items": "<item><link>a</link></item>" * (SIZE // 27),
    "numbers": "&#99999999;" * (SIZE // 11),
    "instructions": "<?x " * (SIZE // 4),
    "channels": "<channel>" * (SIZE // 9),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_hostile_shape_takes_no_more_time_than_its_size(shape: str) -> None:
    began = time.process_time()
    with contextlib.suppress(UnreadableError):
        read_feed(f"<rss version='2.0'><channel>{shape}".encode(), url=URL)
    # Over twice what the slowest took; what grows with the square of the size takes minutes.
    assert time.process_time() - began < 4


def test_an_attribute_without_a_name_is_dropped() -> None:
    raw = rss(TWO).replace("<rss", '<rss xmln:s:dc="&amp;" x:y:z="&lt;"').encode()
    assert read_feed(raw, url=URL).entries[:1] == (DRILL,)


def test_a_tree_has_its_signs_back() -> None:
    root = parse_markup("<opml a='1 &lt; 2'>x &amp; y<b/>&quot;z&#39;</opml>", roots=("opml",))
    assert (root.text, root[0].tail, root.get("a")) == ("x & y", "\"z'", "1 < 2")

"""OPML: the lists of feeds that readers of news hand to each other.

Beside the standard's own attributes an outline of ours has `country` (ISO 3166-1 alpha-3) and
`region`; a folder that an outline lies in stands in for its region.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from extract.errors import FetchError, UnreadableError
from extract.sources.addresses import canonicalise
from extract.sources.encodings import decode
from extract.sources.jsonlines import mend_surrogates
from extract.sources.markup import NO_XML, declared_encoding, parse_markup


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as a list has it; None for what the list leaves out."""

    url: str
    title: str | None = None
    country: str | None = None
    language: str | None = None
    region: str | None = None


def read_opml(raw: bytes) -> tuple[list[ListedFeed], list[str]]:
    """Return the feeds of a list, each address once, and complaints about what is none.

    Raises UnreadableError for what is no OPML.
    """
    if not raw.strip():
        raise UnreadableError("the list is empty; give an OPML file")
    root = parse_markup(decode(raw, declared=declared_encoding(raw)), roots=("opml",))
    feeds: dict[str, ListedFeed] = {}
    complaints: list[str] = []
    for outline in root.iter("outline"):
        values = {name.lower(): mend_surrogates(value) for name, value in outline.attrib.items()}
        written = values.get("xmlurl", "").strip()
        if not written:
            continue
        try:
            url = canonicalise(written)
        except FetchError as error:
            complaints.append(str(error))
            continue
        country = (values.get("country") or "").strip().upper()
        feeds.setdefault(
            url,
            ListedFeed(
                url,
                title=_clean(values.get("title")) or _clean(values.get("text")),
                country=country if len(country) == 3 and country.isalpha() else None,
                language=_clean(values.get("language")),
                region=_clean(values.get("region")) or _folder_of(outline),
            ),
        )
    return list(feeds.values()), complaints


def write_opml(feeds: Iterable[ListedFeed], *, title: str) -> bytes:
    """Return a list of feeds as OPML 2.0, in folders by region where they have one."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for feed in feeds:
        parent = body
        if feed.region:
            name = _writable(feed.region)
            if name not in folders:
                folders[name] = etree.SubElement(body, "outline", text=name)
            parent = folders[name]
        name = _writable(feed.title or feed.url)
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name)
        outline.set("xmlUrl", feed.url)
        for attribute in ("country", "language"):
            if value := getattr(feed, attribute):
                outline.set(attribute, _writable(value))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _folder_of(outline: Any) -> str | None:
    parent = outline.getparent()
    if parent is None or parent.tag != "outline":
        return None
    return _clean(parent.get("text")) or _clean(parent.get("title"))


def _clean(value: str | None) -> str | None:
    return " ".join(mend_surrogates(value or "").split()) or None


def _writable(value: str) -> str:
    return NO_XML.sub(" ", value)

"""A web page becomes an article: its text and what the page says of itself (trafilatura)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree

from extract.errors import UnreadableError
from extract.layout.header import read_header
from extract.layout.line_kinds import is_caption
from extract.records import Article
from extract.sources.addresses import is_same_site, is_web_address
from extract.sources.encodings import decode
from extract.sources.fetching import Fetcher
from extract.sources.plaintext import (
    JUDGED_WORDS,
    WORD,
    build_article,
    is_english,
    read_plain_text,
)

DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
PAGE_LANGUAGE = re.compile(r"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
# Parts of a page whose captions belong to other stories.
ELSEWHERE = ("aside", "nav", "footer", "header")
UNSEEN = ("script", "style", "noscript", "template", "title")
# Lines of the page's text around its heading among which a date line is looked for.
LINES_AFTER_HEADING, LINES_BEFORE_HEADING = 12, 4
CAPTIONS = 10
CAPTION_WORDS = 4
CAPTION_LABEL = "Photo: "
TITLE_SEPARATOR = re.compile(r"\s+[|–—]\s+|\s+-\s+")


def read_page(
    raw: bytes,
    *,
    url: str | None = None,
    charset: str | None = None,
    published: datetime.date | None = None,
) -> Article:
    """Read the article of an HTML page.

    The text is the title, the captions of the article's pictures and its paragraphs, with blank
    lines between. `url` is where the page was had; its canonical link stands before it where that
    is of the same site.
    `charset` is what the server said. `published` stands in where the page gives no day. Raises
    UnreadableError for a page without an article or in another language, UndatedError where no
    day is known.
    """
    declared = DECLARED.search(raw[:4096])
    html = decode(raw, declared=charset or (declared.group(1).decode() if declared else None))
    said = PAGE_LANGUAGE.search(html[:4096])
    is_foreign = said is not None and said.group(1).lower() != "en"
    try:
        found = _extract(html, url)
    except UnreadableError as error:
        raise (_foreign(said) if said and is_foreign else error) from None
    # The English edition of an outlet often has its other editions' language in its frame.
    if said and is_foreign and not _is_surely_english(found.text):
        raise _foreign(said)
    title = _read_title(found.title, found.sitename)
    tree = _parse(html)
    address = _find_address(tree, url)
    parts = [line.strip() for line in found.text.split("\n") if line.strip()]
    if title and not (parts and _same_words(parts[0], title)):
        parts.insert(0, title)
    parts[1:1] = _find_captions(tree, parts)
    return build_article(
        "\n\n".join(parts),
        title=title,
        url=address,
        source=found.sitename or found.hostname,
        given=datetime.date.fromisoformat(found.date) if found.date else _find_day_by_heading(tree),
        published=published,
    )


def fetch_article(url: str, *, fetcher: Fetcher, published: datetime.date | None = None) -> Article:
    """Fetch one page and read its article; raises FetchError besides what `read_page` raises."""
    page = fetcher.fetch(url)
    if page.content_type == "text/plain":
        text = decode(page.body, declared=page.charset)
        return read_plain_text(text, url=page.url, published=published)
    return read_page(page.body, url=page.url, charset=page.charset, published=published)


def _foreign(said: re.Match[str]) -> UnreadableError:
    language = said.group(1).lower()
    return UnreadableError(f"its page says it is in {language!r}; only English is read so far")


def _is_surely_english(text: str) -> bool:
    return len(WORD.findall(text[:20_000])) >= JUDGED_WORDS and is_english(text)


def _find_address(tree: Any, url: str | None) -> str | None:
    """Return the address that the page gives as its own, or else the one where it was had.

    A link to another site is not believed, since the page would then stand for another's; nor is
    one from deep within a site to its front page, which some sites give on all their pages.
    """
    for written in _own_addresses(tree):
        try:
            address = urljoin(url or "", written.strip())
            if not is_web_address(address):
                continue
            if url is None:
                return address
            is_front = urlsplit(address).path in ("", "/") and not urlsplit(address).query
        except ValueError:
            continue
        if is_same_site(address, url) and (not is_front or urlsplit(url).path in ("", "/")):
            return address
    return url


def _own_addresses(tree: Any) -> Iterator[str]:
    if tree is None:
        return
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            yield link.get("href")
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() == "og:url":
            yield meta.get("content") or ""


def _extract(html: str, url: str | None) -> Any:
    found = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        # A search through the whole page finds days that are not its own; the head is read after.
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "outputformat": "%Y-%m-%d",
        },
    )
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise UnreadableError("no article was found in the page; save its text as .txt")
    return found


def _read_title(title: str | None, site: str | None) -> str | None:
    """Return the title without the outlet's name behind it."""
    if not title:
        return None
    parts = TITLE_SEPARATOR.split(title.strip())
    if len(parts) > 1 and site and _same_words(parts[-1], site):
        return title[: title.rindex(parts[-1])].rstrip(" |–—-")
    return " ".join(title.split())


def _find_captions(tree: Any, parts: list[str]) -> list[str]:
    """Return the captions of the article's own pictures, in order, that its text lacks.

    One that does not show by its own words that it is a caption gets a label.
    """
    there = {_letters(part) for part in parts}
    captions: list[str] = []
    for words in _caption_texts(tree):
        letters = _letters(words)
        if len(words.split()) < CAPTION_WORDS or letters in there:
            continue
        there.add(letters)
        captions.append(words if is_caption(words) else CAPTION_LABEL + words)
        if len(captions) == CAPTIONS:
            break
    return captions


def _caption_texts(tree: Any) -> Iterator[str]:
    if tree is None:
        return
    articles = tree.findall(".//article") or tree.findall(".//main")
    root = articles[0] if articles else tree
    for caption in root.iter("figcaption"):
        if any(ancestor.tag in ELSEWHERE for ancestor in caption.iterancestors()):
            continue
        words = " ".join("".join(caption.itertext()).split())
        if words:
            yield words


def _find_day_by_heading(tree: Any) -> datetime.date | None:
    """Return the day that stands beside the page's heading, or None where there is none.

    The reader of pages drops date lines and bylines with the rest of the furniture.
    """
    heading = next(tree.iter("h1"), None) if tree is not None else None
    if tree is None or heading is None:
        return None
    before: list[str] = []
    after: list[str] = []
    lines = before
    for element in tree.iter():
        if element is heading:
            lines = after
        if element.tag not in UNSEEN:
            lines.extend(_seen(element.text))
        lines.extend(_seen(element.tail))
    beside = after[:LINES_AFTER_HEADING] + before[-LINES_BEFORE_HEADING:]
    return read_header("\n".join(beside)).published


def _seen(text: str | None) -> list[str]:
    words = " ".join((text or "").split()).strip(" |·•–—,")
    return [words] if words else []


def _parse(html: str) -> Any:
    """Return the tree of a page, or None; nothing outside the page is loaded."""
    parser = etree.HTMLParser(no_network=True, recover=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(html.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _same_words(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(words: str) -> str:
    return "".join(re.findall(r"\w+", words.casefold()))

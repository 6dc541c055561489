"""XML from strangers: read without a document type, without entities, and with patience.

Everything before the root element is dropped, and with it every declaration of an entity, so
that none can be expanded or loaded. What is not well-formed is mended as far as it can be.
"""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from extract.errors import UnreadableError

DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']""")
# Characters that XML has none of, in the text and as references to them.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|&")
# A parser that mends drops references after the first fault, so none is left for it: what they
# stand for is written out, and XML's own signs go by characters that no text uses (the last of
# Unicode's private area) until the tree is there.
SIGNS = {"&": "\uf8fb", "<": "\uf8fc", ">": "\uf8fd", '"': "\uf8fe", "'": "\uf8ff"}
STANDINS = str.maketrans({standin: sign for sign, standin in SIGNS.items()})
# HTML's elements without an end, which feeds hold unescaped; mending one would swallow the next.
VOID = re.compile(r"<(br|hr|img|input|wbr|source|embed|param)\b([^<>]*?)/?>", re.IGNORECASE)
CDATA_OPENS, CDATA_CLOSES = "<![CDATA[", "]]>"
PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,40}):[\w.-]+\s*=")
# Far beyond any real feed; time grows with the square of the first.
MOST_PREFIXES, MOST_ELEMENTS = 100, 200_000
# The prefixes that feeds use without saying what they stand for.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


def declared_encoding(raw: bytes) -> str | None:
    """Return the encoding that an XML declaration names, or None."""
    found = DECLARED.search(raw[:1024])
    return found.group(1).decode("ascii") if found else None


def find_root(text: str, names: tuple[str, ...]) -> re.Match[str] | None:
    """Return where the first element of one of these names opens, or None."""
    return re.search(rf"<(?:[A-Za-z][\w.-]{{0,40}}:)?(?:{'|'.join(names)})\b", text, re.IGNORECASE)


def parse_markup(text: str, *, roots: tuple[str, ...]) -> Any:
    """Return the root element of an XML text.

    `roots` are the names that the root may have; what stands before it is dropped. Raises
    UnreadableError for a text without such an element, or of which nothing can be mended.
    """
    start = find_root(text, roots)
    if start is None:
        raise UnreadableError(f"it has no element named {' or '.join(roots)}; check the address")
    text = NO_XML.sub(" ", text[start.start() :].translate(STANDINS))
    text = _declare_prefixes(_mend_references(text))
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"it is no XML that can be read ({error}); mend it") from error
    if root is None:
        raise UnreadableError("it is no XML that can be read; mend it")
    for number, element in enumerate(root.iter()):
        if number > MOST_ELEMENTS:
            raise UnreadableError(f"it has more than {MOST_ELEMENTS:,} elements; split it")
        _restore_signs(element)
    return root


def _restore_signs(element: Any) -> None:
    """Put XML's own signs back in the place of their stand-ins."""
    if element.text:
        element.text = element.text.translate(STANDINS)
    if element.tail:
        element.tail = element.tail.translate(STANDINS)
    for name, value in element.attrib.items():
        restored = value.translate(STANDINS)
        if restored != value:
            try:
                element.attrib[name] = restored
            except ValueError:
                # Mending also lets pass what is no name of an attribute; none of ours is lost.
                del element.attrib[name]


def _mend_references(text: str) -> str:
    """Return the text without references to characters and without open voids; CDATA stays."""
    parts: list[str] = []
    position = 0
    while (opens := text.find(CDATA_OPENS, position)) >= 0:
        closes = text.find(CDATA_CLOSES, opens)
        if closes < 0:
            break
        parts.append(_mend_plain(text[position:opens]))
        position = closes + len(CDATA_CLOSES)
        parts.append(text[opens:position])
    parts.append(_mend_plain(text[position:]))
    return "".join(parts)


def _mend_plain(text: str) -> str:
    return VOID.sub(r"<\1\2/>", REFERENCE.sub(_write_out, text))


def _write_out(reference: re.Match[str]) -> str:
    # Of a name that is no character's, and of a stray "&", the ampersand itself is meant.
    written = html.unescape(reference.group())
    return "".join(SIGNS.get(character, character) for character in NO_XML.sub(" ", written))


def _declare_prefixes(text: str) -> str:
    """Return the text with every namespace prefix declared in its root element.

    Raises UnreadableError for more of them than any feed has.
    """
    used = {one or other for one, other in PREFIX.findall(text)}
    if len(used) > MOST_PREFIXES:
        raise UnreadableError(f"it uses more than {MOST_PREFIXES} namespaces; mend it")
    missing = sorted(name for name in used if name != "xml" and f"xmlns:{name}" not in text)
    missing = [name for name in missing if name != "xmlns"]
    declared = "".join(
        f' xmlns:{name}="{NAMESPACES.get(name.lower(), f"urn:undeclared:{name}")}"'
        for name in missing
    )
    opening = re.match(r"<[^\s/>]+", text)
    if not declared or opening is None:
        return text
    return f"{opening.group()}{declared}{text[opening.end() :]}"

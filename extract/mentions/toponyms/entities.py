"""The names of places that another pipeline's entity recogniser finds, as toponyms.

Used only where the user names a spaCy pipeline with an entity recogniser instead of ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.records import Span, Toponym

# An entity carries no probability of its own; ours gives names that it is sure of about as much.
TRUST = 0.9
ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s?$")


def take_names(text: str, found: Sequence[Toponym], named: Sequence[Span]) -> list[Toponym]:
    """Return the named spans as toponyms, in text order.

    A name that our own recogniser found with the same bounds keeps what that knows of it:
    its probability, and whether it stands for a government. A leading article and a
    possessive ending are no part of a name.
    """
    known = {toponym.span: toponym for toponym in found}
    trimmed = dict.fromkeys(_trim(text, span) for span in named)
    return [
        known.get(span, Toponym(span, span.of(text), TRUST))
        for span in sorted(trimmed)
        if span.end > span.start
    ]


def _trim(text: str, span: Span) -> Span:
    article = ARTICLE.match(text, span.start, span.end)
    start = article.end() if article else span.start
    ending = POSSESSIVE.search(text[start : span.end])
    return Span(start, start + ending.start() if ending else span.end)

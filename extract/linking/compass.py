"""Which part of its country an event was in, where only a point of the compass tells.

    "Two Ukrainian soldiers killed in separatist east"      eastern Ukraine
    "a blast in a southern Thai town"                       southern Thailand

No name of a place stands there, so the country comes from the actors, the focus or another name
of the sentence; the point of the compass then says where in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.geocoding.relative import FindPart, shift_place
from extract.geocoding.surroundings import Offset, read_bearing
from extract.language import Document
from extract.linking.places import Placement
from extract.records import Place, PlaceBasis, Precision, Span, Trigger

SIDE = r"(?:north|south)[ -]?(?:east|west)|north|south|east|west"
# "in the east", "in rebel east", "across the country's war-torn north-east"; what follows must not
# make it a name ("in the east Asian"), a part of something ("in the east of", "in east Aleppo") or
# a thing ("in the east wing").
ALONE = re.compile(
    r"\b(?:in|across|throughout)\s+(?:(?:the|its|their)\s+)?(?:country['’]s\s+)?"
    r"(?:(?!and\b|the\b|of\b|in\b|to\b|from\b)[a-z-]+\s+){0,2}?"
    rf"(?P<side>{SIDE})"
    r"(?=\s*(?:$|[.,;:!?)\"”–—-])|\s+(?:after|as|amid|despite|since|on|over|for|and|but|while|when|with"
    r"|where|by|during|before|ahead|this|last|were|was|has|have|is|are|leaves?|kills?|near|in)\b"
    r"|\s+of\s+(?:the\s+)?country\b)"
)
# "in east Ukrainian town": the nationality is the country's whose name begins as it does.
OF_NATION = re.compile(
    rf"\b(?P<side>(?:{SIDE})(?:ern)?)\s+(?P<nation>[A-Z][a-z]+)\b(?=\s+[a-z])", re.IGNORECASE
)
# Letters that the words for a country and for its people share.
SHARED_LETTERS = 4


def narrow_to_parts(
    document: Document,
    triggers: Sequence[Trigger],
    placements: Sequence[Placement],
    find_part: FindPart | None,
) -> list[Placement]:
    """Return the placements with whole countries narrowed to the part that a sentence gives.

    `find_part` tells where a country's end in a direction lies (`Gazetteer.part`).
    """
    return [
        _narrow(document, trigger, placement, find_part)
        for trigger, placement in zip(triggers, placements, strict=True)
    ]


def _narrow(
    document: Document, trigger: Trigger, placement: Placement, find_part: FindPart | None
) -> Placement:
    place = placement.place
    if place is None or place.precision is not Precision.COUNTRY:
        return placement
    sentence = document.sentences[trigger.sentence].span
    found = _find_side(document.article.text, sentence, place)
    if found is None:
        return placement
    span, bearing = found
    part = shift_place(place, Offset("part", None, bearing), find_part=find_part)
    if part is None or span.overlaps(trigger.span):
        return placement
    if placement.spans:
        # "fighting in the south of Afghanistan": the name says where, the side which part of it.
        return replace(placement, place=part, spans=(*placement.spans, span))
    return replace(placement, place=part, basis=PlaceBasis.SENTENCE, spans=(span,))


def _find_side(text: str, sentence: Span, place: Place) -> tuple[Span, float] | None:
    """Return the words for a part of the country in a sentence, and its bearing."""
    words = sentence.of(text)
    match = ALONE.search(words) or next(
        (
            each
            for each in OF_NATION.finditer(words)
            if each["nation"][:SHARED_LETTERS] == place.name[:SHARED_LETTERS]
        ),
        None,
    )
    if match is None:
        return None
    bearing = read_bearing(match["side"])
    if bearing is None:
        return None
    start, end = match.span("side")
    return Span(sentence.start + start, sentence.start + end), bearing

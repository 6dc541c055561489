"""Where a name of a place begins and ends: what the model's stretches still need.

    "Ukraine’s Gorlovka"       two names
    "Gorlovka - Basurin"       a name and who says so
    "East Ukraine"             a name and a direction that is no part of it
    "Ukraine in UN"            a town Un is never written in capitals alone
    "US-led"                   says whose, and not where

The model judges tokens one by one; these rules look at the whole stretch and ask the gazetteer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.gazetteer import NameFacts, NameKind
from extract.mentions.toponyms.token_features import (
    FactsLookup,
    Token,
    is_article,
    is_capitalised,
    load_word_lists,
)

DASHES = frozenset("-–—")
POSSESSIVES = frozenset({"'s", "'S"})
DIRECTIONS = frozenset(
    "north south east west northeast northwest southeast southwest northern southern eastern "
    "western northeastern northwestern southeastern southwestern central n s e w ne nw se "
    "sw".split()
)
# Capitals alone that are this short are initials.
LONGEST_INITIALS = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens that make one toponym; `last` is inclusive, `probability` that of the least sure."""

    first: int
    last: int
    probability: float


def settle(
    tokens: Sequence[Token], stretch: Stretch, text: str, lookup: FactsLookup
) -> Iterator[Stretch]:
    """Yield the names in a stretch of tokens: mostly the stretch, seldom parts of it or none."""
    for part in _divide(tokens, stretch, text, lookup):
        part = _drop_kind(tokens, _drop_noun(tokens, part, text, lookup))
        first = _skip_direction(tokens, part, text, lookup)
        if first > part.last:
            continue
        part = Stretch(first, part.last, part.probability)
        if (
            not _is_no_initials(tokens, part, lookup)
            or _is_agent(tokens, part)
            or _is_people(tokens, part, lookup)
            or _is_cut_short(tokens, part, text, lookup)
        ):
            continue
        yield part


def _drop_noun(
    tokens: Sequence[Token], stretch: Stretch, text: str, lookup: FactsLookup
) -> Stretch:
    """Leave out a word in lower case that the gazetteer's name lacks: "Gaza talks"."""
    first, last = stretch.first, stretch.last
    if (
        last > first
        and tokens[last].text.islower()
        and tokens[last].text.isalpha()
        and tokens[last - 1].end < tokens[last].start
        and _facts(tokens, first, last, text, lookup) is None
        and _facts(tokens, first, last - 1, text, lookup) is not None
    ):
        last -= 1
    return Stretch(first, last, stretch.probability)


def _drop_kind(tokens: Sequence[Token], stretch: Stretch) -> Stretch:
    """Leave out a word for the kind of place in lower case ("Cabo Delgado province")."""
    last = stretch.last
    if last > stretch.first and tokens[last].text in load_word_lists()["place_heads"]:
        last -= 1
    return Stretch(stretch.first, last, stretch.probability)


def _facts(
    tokens: Sequence[Token], first: int, last: int, text: str, lookup: FactsLookup
) -> NameFacts | None:
    return lookup(text[tokens[first].start : tokens[last].end])


def _divide(
    tokens: Sequence[Token], stretch: Stretch, text: str, lookup: FactsLookup
) -> Iterator[Stretch]:
    """Cut a stretch at spaced dashes and, where the gazetteer lacks it whole, at possessives."""
    first, joint = stretch.first, stretch.last + 1
    for position in range(first + 1, stretch.last):
        if (tokens[position].text in DASHES and _is_spaced(tokens, position)) or (
            tokens[position].text in POSSESSIVES
            and is_capitalised(tokens[position + 1].text)
            and _facts(tokens, stretch.first, stretch.last, text, lookup) is None
            and _facts(tokens, first, position - 1, text, lookup) is not None
        ):
            joint = position
        else:
            continue
        yield Stretch(first, joint - 1, stretch.probability)
        if joint + 1 > stretch.last:
            return
        # What follows a spaced dash is who says so, unless it is a place too.
        rest = Stretch(joint + 1, stretch.last, stretch.probability)
        is_place = _facts(tokens, rest.first, rest.last, text, lookup) is not None
        if tokens[joint].text in POSSESSIVES or is_place:
            yield from _divide(tokens, rest, text, lookup)
        return
    yield stretch


def _is_spaced(tokens: Sequence[Token], position: int) -> bool:
    """Say whether a sign has white space on either side."""
    before, sign, after = tokens[position - 1 : position + 2]
    return before.end < sign.start or sign.end < after.start


def _skip_direction(
    tokens: Sequence[Token], stretch: Stretch, text: str, lookup: FactsLookup
) -> int:
    """Return where the name begins behind a direction that is no part of it.

    "East Ukraine" is a part of a country as "eastern Ukraine" is, unless the gazetteer has it
    ("East Timor"); a direction alone before a country ("E. Ukraine") is no name either.
    """
    word = tokens[stretch.first].text.lower().rstrip(".")
    if word not in DIRECTIONS:
        return stretch.first
    start = stretch.first + 1
    if start < len(tokens) and tokens[start].text == ".":
        start += 1
    last = stretch.last if stretch.last > stretch.first else start
    if last >= len(tokens) or not is_capitalised(tokens[start].text):
        return stretch.first
    if _facts(tokens, stretch.first, last, text, lookup) is not None:
        return stretch.first
    facts = _facts(tokens, start, last, text, lookup)
    return start if facts is not None and facts.is_country else stretch.first


def _is_no_initials(tokens: Sequence[Token], stretch: Stretch, lookup: FactsLookup) -> bool:
    """Say whether a name is more than initials that only a town of that spelling shares.

    A heading all in capitals is left to the model. Letters before a figure are a number's: "MH17".
    """
    form = tokens[stretch.first].text
    following = tokens[stretch.last + 1 : stretch.last + 2]
    if (
        form.isupper()
        and following
        and following[0].text[0].isdigit()
        and following[0].start == tokens[stretch.last].end
    ):
        return False
    if stretch.first < stretch.last or len(form) > LONGEST_INITIALS or not form.isupper():
        return True
    if "." in form or sum(token.text.isupper() for token in tokens) * 2 > len(tokens):
        return True
    facts = lookup(form)
    return (
        facts is None
        or facts.kind >= NameKind.ABBREVIATION
        or any(not code.startswith("PPL") for code in facts.feature_codes)
    )


def _is_agent(tokens: Sequence[Token], stretch: Stretch) -> bool:
    """Say whether a name is half of a word for who does something: "US-led", "Kremlin-backed"."""
    joint = stretch.last + 1
    return (
        joint + 1 < len(tokens)
        and tokens[joint].text == "-"
        and not _is_spaced(tokens, joint)
        and tokens[joint + 1].text.lower() in load_word_lists()["agent_participles"]
    )


def _is_people(tokens: Sequence[Token], stretch: Stretch, lookup: FactsLookup) -> bool:
    """Say whether a name is a nationality: "a Thai town", "Somali pirates"; the Baltic is a sea."""
    word = tokens[stretch.first].text
    if stretch.first < stretch.last or word.lower() not in load_word_lists()["nationalities"]:
        return False
    facts = lookup(word)
    return facts is not None and not (facts.is_preferred and facts.is_natural)


def _is_cut_short(
    tokens: Sequence[Token], stretch: Stretch, text: str, lookup: FactsLookup
) -> bool:
    """Say whether a town's name is only the first word of an Arabic one: "Dar al-Arqam".

    A country stands before such a name too: "Iraq al-Qaeda leader".
    """
    after = stretch.last + 1
    if not is_article(tokens, after) or text[tokens[stretch.last].end : tokens[after].start] != " ":
        return False
    facts = _facts(tokens, stretch.first, stretch.last, text, lookup)
    return facts is None or not (facts.is_country or facts.is_admin1)

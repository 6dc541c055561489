"""Give the places of a marked text other names, so that contexts are learnt and not names."""

from __future__ import annotations

import random

from extract.mentions.token_features import FactsLookup
from training.place_names import PlaceNames
from training.toponym_corpora import MarkedText


def rename_places(
    text: MarkedText, names: PlaceNames, lookup: FactsLookup, chance: random.Random
) -> MarkedText:
    """Return the text with its places renamed: countries by countries, the rest by the like.

    A name is replaced by the same other name wherever it is marked; abbreviations stay.
    """
    others: dict[str, str] = {}
    pieces: list[str] = []
    moved: list[tuple[int, int, int]] = []
    places: list[tuple[int, int]] = []
    last = 0
    length = 0
    for start, end in text.places:
        name = text.text[start:end]
        if name not in others:
            others[name] = _choose_other(name, names, lookup, chance)
        pieces.append(text.text[last:start])
        length += start - last
        places.append((length, length + len(others[name])))
        pieces.append(others[name])
        length += len(others[name])
        moved.append((start, end, length))
        last = end
    pieces.append(text.text[last:])

    def shift(position: int) -> int:
        shifted = position
        for start, end, new_end in moved:
            if end <= position:
                shifted = position - end + new_end
            elif start < position:
                return new_end
        return shifted

    ignored = tuple((shift(start), shift(end)) for start, end in text.ignored)
    return MarkedText(text.corpus, "".join(pieces), tuple(places), ignored)


def _choose_other(name: str, names: PlaceNames, lookup: FactsLookup, chance: random.Random) -> str:
    if "." in name or (name.isupper() and len(name) < 5):
        return name
    facts = lookup(name)
    if facts and facts.is_country:
        other = chance.choice(sorted(names.countries.values()))
    elif facts and facts.is_admin1:
        country = chance.choice(sorted(names.provinces))
        other = chance.choice(sorted(names.provinces[country]))
    elif facts and not facts.is_natural:
        country = chance.choice(sorted(names.towns))
        other = max(
            (chance.choice(names.towns[country]) for _ in range(3)), key=lambda town: town[1]
        )[0]
    elif facts is None and " " not in name:
        country = chance.choice(sorted(names.towns))
        other = _blend(names, country, chance)
    else:
        return name
    return other.upper() if name.isupper() else other


def _blend(names: PlaceNames, country: str, chance: random.Random) -> str:
    """Make up a name out of the halves of two towns' names of a country."""
    first, second = (chance.choice(names.towns[country])[0].split()[0] for _ in range(2))
    blend = first[: max(2, len(first) // 2)] + second[len(second) // 2 :].lower()
    return blend if blend.isalpha() else first

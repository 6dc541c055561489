"""The places that a name of an article may mean.

    "Nyanza Province" -> "Nyanza", provinces only       "Greater Mumbai" -> "Mumbai"

A name is looked up whole first, then without its kind word or a word for a part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from extract.gazetteer import Candidate, Gazetteer, NameKind
from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold
from extract.geocoding.ranking import NameEvidence, agree, kind_of
from extract.geocoding.surroundings import KIND_WORDS

# Candidates weighed per name: the best known, and all that lie in an area the text names. It
# bounds the time that a name such as "San Antonio" takes, which has some 300.
KEPT_CANDIDATES = 25
# A province no wider than this around a town of its name is that town.
TWIN_KM = 40.0

PREFIX = re.compile(
    r"^(?:the|greater|downtown|uptown|midtown|metro|metropolitan|central|inner|outer|upper|lower|"
    r"mainland|far|occupied|rural|suburban|old|eastern|western|northern|southern|"
    r"(?:north|south)[ -]?(?:east|west)(?:ern)?|north|south|east|west|mid)\s+",
    re.IGNORECASE,
)
KIND_OF = re.compile(
    r"^(?:(?:the\s+)?(?P<kind>[A-Za-z]+)\s+of)\s+(?:the\s+)?(?P<core>.+)$", re.IGNORECASE
)


def find_candidates(name: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Return the candidates of a name as a text has it, best known first.

    Where the whole name is not in the gazetteer, its kind word ("Nyanza Province", "City of
    X", "Lake X") or a word for a part ("Greater Mumbai", "North Dallas") is left out; the kind
    word then has to fit the candidate.
    """
    name = re.sub(r"['’]s?$", "", name.strip())
    folded = fold(name)
    found = gazetteer.look_up(folded)
    usable = tuple(candidate for candidate in found if candidate.kind < NameKind.FOREIGN)
    if usable:
        return usable
    words = folded.split()
    if len(words) > 1:
        for kind_word, core in ((words[-1], words[:-1]), (words[0], words[1:])):
            if kind := KIND_WORDS.get(kind_word):
                fitting = _fitting(" ".join(core), kind, gazetteer)
                if fitting:
                    return fitting
        match = KIND_OF.match(name)
        if match and (kind := KIND_WORDS.get(match["kind"].lower())):
            fitting = _fitting(fold(match["core"]), kind, gazetteer)
            if fitting:
                return fitting
        if match := PREFIX.match(name):
            return find_candidates(name[match.end() :], gazetteer)
    return found


def _fitting(folded: str, kind: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    return tuple(
        candidate
        for candidate in gazetteer.look_up(folded)
        if candidate.kind < NameKind.CODE and agree(kind, kind_of(candidate.place.feature_code))
    )


def drop_cities(name: NameEvidence, known: Collection[str]) -> tuple[Candidate, ...]:
    """Return the candidates without the city that the article calls by its longer name.

    Who writes of Mexico City means by "Mexico" the country. `known` holds the article's folded
    names.
    """
    longer = f"{name.folded} city"
    if longer not in known:
        return name.candidates
    rest = tuple(each for each in name.candidates if fold(each.place.name) != longer)
    return rest or name.candidates


def drop_twins(name: NameEvidence) -> tuple[Candidate, ...]:
    """Return the candidates without provinces and districts that are hardly more than a town.

    "St. Petersburg" and "Rafah" mean the town and not the federal city or the governorate
    around it, unless the text says province, district or the like.
    """
    if name.kind in ("province", "district", "county"):
        return name.candidates
    towns = [each for each in name.candidates if kind_of(each.place.feature_code) == "town"]
    return tuple(
        candidate
        for candidate in name.candidates
        if candidate.place.feature_code not in ("ADM1", "ADM2")
        or candidate.place.radius_km > TWIN_KM
        or not any(
            town.province in (candidate.province, None)
            and town.place.countries == candidate.place.countries
            and town.kind <= candidate.kind
            and measure_km(
                town.place.latitude,
                town.place.longitude,
                candidate.place.latitude,
                candidate.place.longitude,
            )
            <= TWIN_KM
            for town in towns
        )
    )


def limit_candidates(names: Sequence[NameEvidence]) -> list[NameEvidence]:
    """Keep the best known candidates, and those in an area that the article names."""
    if all(len(name.candidates) <= KEPT_CANDIDATES for name in names):
        return list(names)
    areas: set[str] = set()
    for name in names:
        areas |= name.inside_strict | name.inside_loose | name.nationalities
        head = name.candidates[0] if name.candidates else None
        if head and head.place.feature_code == "ADM1" and head.province:
            areas.add(head.province)
    limited = []
    for name in names:
        kept = name.candidates[:KEPT_CANDIDATES] + tuple(
            candidate
            for candidate in name.candidates[KEPT_CANDIDATES:]
            if candidate.province in areas
        )
        limited.append(replace(name, candidates=kept))
    return limited

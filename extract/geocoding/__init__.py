"""From the toponyms of one article to the places they mean.

    names -> candidates -> evidence of the text -> ranking -> place, runners-up, confidence

One name has one referent in an article, unless the text gives it two containers
("Springfield, Ill., and Springfield, Mo."). The ranking is `ranking`'s, what the text
says around a name `extract.geocoding.surroundings`'. A place beside the named one ("50 km north of
Mosul", "southern Lebanon") is reckoned by geodesics from the named one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from extract.gazetteer import Candidate, Gazetteer, NameKind
from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold
from extract.geocoding.clues import (
    count_area_codes,
    count_country_words,
    find_context_names,
    find_source_country,
)
from extract.geocoding.coordinates import find_coordinates
from extract.geocoding.geocoder import GazetteerGeocoder, SecondOpinion
from extract.geocoding.ranking import (
    FEATURES,
    DocumentEvidence,
    Floats,
    NameEvidence,
    Ranking,
    RankingModel,
    agree,
    kind_of,
)
from extract.geocoding.relative import shift_place
from extract.geocoding.surroundings import KIND_WORDS, Surroundings, find_between, read_surroundings
from extract.language import Document
from extract.records import BlockKind, RankedPlace, ResolvedToponym, Span, Toponym

__all__ = ["GazetteerGeocoder", "SecondOpinion", "find_coordinates", "resolve_toponyms"]

KEPT_ALTERNATIVES = 5
# Candidates weighed per name: the best known, and all that lie in an area the text names. It
# bounds the time that a name such as "San Antonio" takes, which has some 300.
KEPT_CANDIDATES = 25
# Candidates this near each other are one pin for the map, so the confidence sums their shares.
SAME_SPOT_KM = 60.0
# A province no wider than this around a town of its name is that town.
TWIN_KM = 40.0
# A name inside another name ("the Ohio Senate") against a toponym.
CONTEXT_WEIGHT = 0.8
# What a service says of a name out of context is as good as a guess between two.
ONLINE_CONFIDENCE = 0.5

PREFIX = re.compile(
    r"^(?:the|greater|downtown|uptown|midtown|metro|metropolitan|central|inner|outer|upper|lower|"
    r"mainland|far|occupied|rural|suburban|old|eastern|western|northern|southern|"
    r"(?:north|south)[ -]?(?:east|west)(?:ern)?|north|south|east|west|mid)\s+",
    re.IGNORECASE,
)
KIND_OF = re.compile(
    r"^(?:(?:the\s+)?(?P<kind>[A-Za-z]+)\s+of)\s+(?:the\s+)?(?P<core>.+)$", re.IGNORECASE
)
CAPITALISED = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?")

REASONS = {
    "inside_strict": "the text names its container",
    "inside_loose": "the text names its container",
    "outside_strict": "the others lie outside the container named",
    "outside_loose": "the others lie outside the container named",
    "of_nationality": "a nationality word before it",
    "not_of_nationality": "the others are of another nationality",
    "kind_agrees": "the kind of place that the text calls it",
    "kind_differs": "the others are of another kind",
    "country_share": "in the country of the article's other places",
    "country_sole": "in the country of the article's other places",
    "province_share": "in the province of the article's other places",
    "province_sole": "in the province of the article's other places",
    "near_30": "beside the article's other places",
    "near_150": "near the article's other places",
    "near_600": "near the article's other places",
    "nationality_words": "in the country of the article's nationality words",
    "dateline_country": "in the dateline's country",
    "dateline_near": "near the dateline",
    "source_country": "in the source's country",
    "country_words": "in the country whose words the article uses",
    "area_code_province": "in the province of the article's telephone numbers",
    "area_code_country": "in the country of the article's telephone numbers",
    "capital_at_home": "the capital of the article's country",
    "town_at_home": "a town in the article's country",
    "country": "a country before smaller places",
    "capital": "a capital before other towns",
    "province": "a province before towns",
}


_NOWHERE = Span(0, 0)


@lru_cache(maxsize=4)
def load_model() -> RankingModel:
    """Return the bundled ranking weights, read once."""
    return RankingModel.load()


@dataclass(frozen=True, slots=True)
class _Mention:
    toponym: Toponym
    folded: str
    around: Surroundings
    candidates: tuple[Candidate, ...]


def resolve_toponyms(
    document: Document,
    toponyms: Sequence[Toponym],
    gazetteer: Gazetteer,
    *,
    model: RankingModel | None = None,
    online: SecondOpinion | None = None,
) -> list[ResolvedToponym]:
    """Return the place of each toponym, in the same order.

    `place` is None where the gazetteer has no candidate, and `online`, an online geocoder that
    is asked only then and off by default, has none either. The confidence is calibrated: of the
    places given 0.9, nine in ten lie within 161 km of the true one, or are the true country.
    """
    if not toponyms:
        return []
    mentions, ranking, owner = weigh_names(document, toponyms, gazetteer)
    chosen = model or load_model()
    belief = ranking.rank(chosen)
    features = ranking.describe(belief)
    resolved_names = [
        _resolve_name(ranking, chosen, belief, features, index) for index in range(max(owner) + 1)
    ]
    results = [
        replace(resolved_names[index], toponym=mention.toponym)
        for mention, index in zip(mentions, owner, strict=True)
    ]
    if online is not None:
        results = _ask_online(results, online, gazetteer)
    return _shift(document.article.text, mentions, results, gazetteer)


def _ask_online(
    results: list[ResolvedToponym], online: SecondOpinion, gazetteer: Gazetteer
) -> list[ResolvedToponym]:
    """Ask for each name without a place once, within the article's commonest country."""
    countries = Counter(result.place.country for result in results if result.place)
    common = [country for country, _ in countries.most_common(1) if country]
    places = {
        result.toponym.text: online.place(result.toponym.text, common, gazetteer)
        for result in results
        if result.place is None
    }
    return [
        replace(
            result,
            place=places[result.toponym.text],
            confidence=ONLINE_CONFIDENCE,
            rule=f"not in the gazetteer; from {online.service}",
        )
        if result.place is None and places[result.toponym.text]
        else result
        for result in results
    ]


def weigh_names(
    document: Document, toponyms: Sequence[Toponym], gazetteer: Gazetteer
) -> tuple[list[_Mention], Ranking, list[int]]:
    """Gather the evidence for an article's names.

    Returns the mentions, the ranking of their names' candidates, and for each mention the
    index of its name in the ranking.
    """
    text = document.article.text
    mentions = [_read_mention(text, toponym, gazetteer) for toponym in toponyms]
    groups = _group(mentions)
    spans = [toponym.span for toponym in toponyms]
    names = [_gather(group, gazetteer) for group in groups]
    names = [replace(name, candidates=drop_twins(name)) for name in names]
    known = {name.folded for name in names}
    names += [
        NameEvidence(folded, candidates, count, weight=CONTEXT_WEIGHT)
        for folded, count in find_context_names(text, spans, gazetteer).items()
        if folded not in known and (candidates := _areas_named(folded, gazetteer))
    ]
    names = _limit(names)
    index_of = {id(mention): index for index, group in enumerate(groups) for mention in group}
    owner = [index_of[id(mention)] for mention in mentions]
    evidence = _read_document(document, mentions, owner, gazetteer)
    return mentions, Ranking(names, evidence), owner


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


def _read_mention(text: str, toponym: Toponym, gazetteer: Gazetteer) -> _Mention:
    return _Mention(
        toponym,
        fold(toponym.text),
        read_surroundings(text, toponym.span, gazetteer),
        find_candidates(toponym.text, gazetteer),
    )


def _group(mentions: Sequence[_Mention]) -> list[list[_Mention]]:
    """Put the mentions of one name together, apart only where their containers differ."""
    by_name: dict[str, list[_Mention]] = {}
    for mention in mentions:
        by_name.setdefault(mention.folded, []).append(mention)
    groups: list[list[_Mention]] = []
    for same in by_name.values():
        containers = {mention.around.containers[0] for mention in same if mention.around.strict}
        if len(containers) < 2:
            groups.append(same)
            continue
        current = next(mention.around.containers[0] for mention in same if mention.around.strict)
        parts: dict[str, list[_Mention]] = {}
        for mention in same:
            if mention.around.strict:
                current = mention.around.containers[0]
            parts.setdefault(current, []).append(mention)
        groups.extend(parts.values())
    return groups


def _areas(folded: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the codes of the countries and provinces that a container's name may mean."""
    codes: set[str] = set()
    for candidate in gazetteer.look_up(folded):
        if candidate.kind >= NameKind.CODE:
            continue
        code = candidate.place.feature_code
        if code in ("PCLI", "PCLD", "PCLH"):
            codes.update(candidate.place.countries)
        elif candidate.province and code in ("ADM1", "ADM2"):
            codes.add(candidate.province)
    return frozenset(codes)


def _gather(group: Sequence[_Mention], gazetteer: Gazetteer) -> NameEvidence:
    """Sum up what the text says of a name over all its mentions."""
    candidates = group[0].candidates
    inside = {code for candidate in candidates for code in Ranking.areas_of(candidate)}
    strict: set[str] = set()
    loose: set[str] = set()
    nationalities: set[str] = set()
    for mention in group:
        nationalities.update(mention.around.countries)
        for number, container in enumerate(mention.around.containers):
            codes = _areas(container, gazetteer)
            # A list ("Kansas, Missouri and Iowa") looks like containment: believe a
            # container only where some candidate lies in it.
            if container == mention.folded or codes.isdisjoint(inside):
                continue
            if mention.around.strict and number == 0:
                strict.update(codes & inside)
            else:
                loose.update(codes & inside)
    kinds = Counter(mention.around.kind for mention in group if mention.around.kind)
    return NameEvidence(
        folded=group[0].folded,
        candidates=candidates,
        count=len(group),
        inside_strict=frozenset(strict),
        inside_loose=frozenset(loose),
        nationalities=frozenset(nationalities & inside),
        kind=kinds.most_common(1)[0][0] if kinds else None,
    )


def _areas_named(folded: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    return tuple(
        candidate
        for candidate in gazetteer.look_up(folded)
        if candidate.place.feature_code in ("PCLI", "PCLD", "ADM1", "ADM2")
        and candidate.kind <= NameKind.ALTERNATIVE
    )


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


def _limit(names: Sequence[NameEvidence]) -> list[NameEvidence]:
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


def _read_document(
    document: Document,
    mentions: Sequence[_Mention],
    owner: Sequence[int],
    gazetteer: Gazetteer,
) -> DocumentEvidence:
    words: Counter[str] = Counter()
    demonyms = gazetteer.demonyms
    for word in CAPITALISED.findall(document.article.text):
        for country in demonyms.get(word.lower(), ()):
            words[country] += 1
    dateline = None
    first = next(
        (block.span for block in document.blocks if block.kind == BlockKind.PARAGRAPH), None
    )
    if first:
        for mention, index in zip(mentions, owner, strict=True):
            span = mention.toponym.span
            if span.start >= first.start and mention.candidates:
                lead = document.article.text[first.start : span.start]
                if span.start - first.start <= 3 or (lead.isupper() and len(lead) < 25):
                    after = document.article.text[span.end : span.end + 60]
                    if mention.toponym.text.isupper() or re.match(
                        r"[^.\n]{0,45}?(?:—|–| - |--|\((?:Reuters|AP|AFP|CNN|Xinhua))", after
                    ):
                        dateline = index
                break
    text = document.article.text
    return DocumentEvidence(
        words,
        dateline,
        source_country=_source_country(document.article.url, gazetteer),
        country_words=count_country_words(text),
        area_codes=count_area_codes(text),
    )


def _source_country(url: str | None, gazetteer: Gazetteer) -> str | None:
    """Return the alpha-3 code of the country in the source's address, or None."""
    alpha2 = find_source_country(url)
    if alpha2 is None:
        return None
    return next(
        (
            candidate.place.country
            for candidate in gazetteer.look_up(fold(alpha2))
            if candidate.kind >= NameKind.ABBREVIATION
            and candidate.place.feature_code in ("PCLI", "PCLD")
        ),
        None,
    )


def _resolve_name(
    ranking: Ranking, model: RankingModel, belief: Floats, features: Floats, index: int
) -> ResolvedToponym:
    name = ranking.names[index]
    blank = Toponym(span=_NOWHERE, text="")
    if not name.candidates:
        return ResolvedToponym(blank, None, 0.0, rule="not in the gazetteer")
    rows = np.flatnonzero(ranking.owner == index)
    order = rows[np.argsort(-belief[rows], kind="stable")]
    best = ranking.candidates[order[0]]
    alternatives = tuple(
        RankedPlace(ranking.candidates[row].place, round(float(belief[row]), 4))
        for row in order[1 : KEPT_ALTERNATIVES + 1]
    )
    near = ranking.distances[order[0], rows] <= SAME_SPOT_KM
    confidence = confide(model, float(belief[rows[near]].sum()), name)
    return ResolvedToponym(
        blank,
        best.place,
        round(confidence, 4),
        alternatives,
        _explain(model, features[order[:2]], len(order)),
    )


def confide(model: RankingModel, share: float, name: NameEvidence) -> float:
    """Turn the winner's share of belief into the chance that it is right."""
    inputs = confidence_inputs(share, name, len(name.candidates))
    return float(1 / (1 + math.exp(-float(inputs @ model.calibration))))


def confidence_inputs(share: float, name: NameEvidence, candidates: int) -> Floats:
    """Return what the confidence is reckoned from: share, number of candidates, container."""
    share = min(max(share, 0.005), 0.995)
    return np.array(
        [
            1.0,
            math.log(share / (1 - share)) if candidates > 1 else 0.0,
            math.log(candidates),
            float(bool(name.inside_strict)),
            float(candidates == 1),
        ]
    )


def _explain(model: RankingModel, rows: Floats, count: int) -> str:
    """Say which feature did most for the winner over the runner-up."""
    if count == 1:
        return "the only candidate"
    gains = model.later * (rows[0] - rows[1])
    reason = REASONS.get(FEATURES[int(np.argmax(gains))])
    return reason or f"the best known of {count}"


def _shift(
    text: str,
    mentions: Sequence[_Mention],
    results: list[ResolvedToponym],
    gazetteer: Gazetteer,
) -> list[ResolvedToponym]:
    """Give each toponym that stands for a place beside the named one that place too."""
    spans = [mention.toponym.span for mention in mentions]
    shifted = list(results)
    for index, (mention, result) in enumerate(zip(mentions, results, strict=True)):
        offset = mention.around.offset
        if offset is None or result.place is None:
            continue
        other_index = find_between(text, spans, index) if offset.relation == "between" else None
        other = results[other_index].place if other_index is not None else None
        relative = shift_place(result.place, offset, other, find_part=gazetteer.part)
        if relative is None:
            continue
        shifted[index] = replace(result, relative=relative)
        if other_index is not None:
            shifted[other_index] = replace(results[other_index], relative=relative)
    return shifted

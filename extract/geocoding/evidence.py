"""What an article says of its names, gathered for the ranking.

    toponyms -> mentions with their surroundings -> one name, one referent -> evidence

One name has one referent in an article, unless the text gives it two containers
("Springfield, Ill., and Springfield, Mo.").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.gazetteer import Candidate, Gazetteer, NameKind
from extract.gazetteer.names import fold
from extract.geocoding.candidates import drop_cities, drop_twins, find_candidates, limit_candidates
from extract.geocoding.clues import (
    count_area_codes,
    count_country_words,
    find_context_names,
    find_source_country,
)
from extract.geocoding.ranking import DocumentEvidence, NameEvidence, Ranking, area_codes, kind_of
from extract.geocoding.surroundings import Surroundings, read_surroundings
from extract.language import Document
from extract.records import BlockKind, Toponym

# A name inside another name ("the Ohio Senate") against a toponym.
CONTEXT_WEIGHT = 0.8
# What stands between two names of a list.
JOINT = re.compile(r"(?:, ?| (?=\w))(?:(?P<word>and|or|nor) |(?<=, ))(?:the )?")
CAPITALISED = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?")


@dataclass(frozen=True, slots=True)
class Mention:
    """A toponym with its folded name, what stands around it, and what it may mean."""

    toponym: Toponym
    folded: str
    around: Surroundings
    candidates: tuple[Candidate, ...]


def weigh_names(
    document: Document, toponyms: Sequence[Toponym], gazetteer: Gazetteer
) -> tuple[list[Mention], Ranking, list[int]]:
    """Gather the evidence for an article's names.

    Returns the mentions, the ranking of their names' candidates, and for each mention the
    index of its name in the ranking.
    """
    text = document.article.text
    mentions = [_read_mention(text, toponym, gazetteer) for toponym in toponyms]
    groups = _group(mentions)
    spans = [toponym.span for toponym in toponyms]
    names = [_gather(group, gazetteer) for group in groups]
    known = {name.folded for name in names}
    names = [_drop_unlikely(name, known) for name in names]
    names += [
        NameEvidence(folded, candidates, count, weight=CONTEXT_WEIGHT)
        for folded, count in find_context_names(text, spans, gazetteer).items()
        if folded not in known and (candidates := _areas_named(folded, gazetteer))
    ]
    names = _tell_holders(limit_candidates(names), groups)
    index_of = {id(mention): index for index, group in enumerate(groups) for mention in group}
    owner = [index_of[id(mention)] for mention in mentions]
    evidence = _read_document(document, mentions, owner, gazetteer)
    evidence = replace(evidence, lists=_find_lists(text, mentions, owner, names))
    return mentions, Ranking(names, evidence), owner


def _drop_unlikely(name: NameEvidence, known: Collection[str]) -> NameEvidence:
    """Return a name without the candidates that `drop_cities` and `drop_twins` leave out."""
    for kept in (drop_cities(name, known), drop_twins(name)):
        if len(kept) < len(name.candidates):
            rest = tuple(each for each in name.candidates if each in kept)
            name = replace(name, candidates=rest or name.candidates)
    return name


def _tell_holders(
    names: list[NameEvidence], groups: Sequence[Sequence[Mention]]
) -> list[NameEvidence]:
    """Tell names that stand as containers where the names in them may lie.

    Of several names in one container most must lie in what it means.
    """
    votes: dict[str, Counter[str]] = {}
    for name, group in zip(names, groups, strict=False):
        containers = {each.around.containers[0] for each in group if each.around.strict}
        if not containers:
            continue
        inside = {code for candidate in name.candidates for code in Ranking.areas_of(candidate)}
        for container in containers - {name.folded}:
            votes.setdefault(container, Counter()).update(inside)
    told = []
    for name in names:
        ballot = votes.get(name.folded)
        if ballot:
            own = {code for candidate in name.candidates for code in area_codes(candidate)}
            most = max((ballot[code] for code in own), default=0)
            held = frozenset(code for code in own if most and ballot[code] == most)
            name = replace(name, held=held)
        told.append(name)
    return told


def _find_lists(
    text: str,
    mentions: Sequence[Mention],
    owner: Sequence[int],
    names: Sequence[NameEvidence],
) -> tuple[tuple[int, int], ...]:
    """Return the pairs of names that stand side by side in a list of the text.

    A list has an "and" or "or", or three names; "Springfield, Ohio" is none.
    """
    pairs: list[tuple[int, int]] = []
    chain: list[int] = []
    joined = False

    def close() -> None:
        if joined or len(chain) > 2:
            pairs.extend(pair for pair in pairwise(chain) if pair[0] != pair[1])

    for number, (mention, index) in enumerate(zip(mentions, owner, strict=True)):
        joint, held = None, False
        if number:
            last = mentions[number - 1]
            joint = JOINT.fullmatch(text[last.toponym.span.end : mention.toponym.span.start])
            if joint:
                held = _is_held(last, names[owner[number - 1]], names[index])
        if joint is None or (held and joint["word"] is None):
            close()
            chain, joined = [], False
        chain.append(index)
        joined = joined or bool(joint and joint["word"])
    close()
    return tuple(dict.fromkeys(pairs))


def _is_held(mention: Mention, name: NameEvidence, container: NameEvidence) -> bool:
    """Say whether a name stands before its container rather than before another of its kind.

    "Niger, Nigeria" may be two countries, "Springfield, Ohio" no two provinces.
    """
    if not (mention.around.strict and name.inside_strict):
        return False
    kinds, theirs = (
        {kind_of(candidate.place.feature_code) for candidate in each.candidates}
        for each in (name, container)
    )
    return kinds.isdisjoint(theirs & {"country", "province"})


def _read_mention(text: str, toponym: Toponym, gazetteer: Gazetteer) -> Mention:
    return Mention(
        toponym,
        fold(toponym.text),
        read_surroundings(text, toponym.span, gazetteer),
        find_candidates(toponym.text, gazetteer),
    )


def _group(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Put the mentions of one name together, apart only where their containers differ."""
    by_name: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_name.setdefault(mention.folded, []).append(mention)
    groups: list[list[Mention]] = []
    for same in by_name.values():
        containers = {mention.around.containers[0] for mention in same if mention.around.strict}
        if len(containers) < 2:
            groups.append(same)
            continue
        current = next(mention.around.containers[0] for mention in same if mention.around.strict)
        parts: dict[str, list[Mention]] = {}
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


def _gather(group: Sequence[Mention], gazetteer: Gazetteer) -> NameEvidence:
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
            if (mention.around.strict or mention.around.certain) and number == 0:
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


def _read_document(
    document: Document,
    mentions: Sequence[Mention],
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

"""Light coreference within one article: who "the ministry", "both sides" and "he" are.

No tree is needed: the order of mentions, their kinds and their sentences decide. The rules
are the plain ones of news writing: a description takes the country just named, a pronoun the
first fitting actor of its own sentence before it, else of the sentence before; "both
countries" the last two countries named side by side, else the last two named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from extract.language import Document
from extract.records import ActorMention, Span

# Sectors whose people act where they are, so that a place nearby says their country; the
# others belong to a state, so that the state named last does.
LOCAL_SECTORS = frozenset(
    "CVL OPP REB UAF COP REF CRM LAB AGR EDU MED JRN REL BUS NGO PRM SOC ELI".split()
)
ARMED_SECTORS = frozenset({"REB", "UAF", "PRM", "IMG"})
STATELESS_SECTORS = frozenset({"IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"})

PERSON_KINDS = frozenset({"person", "title"})
STATE_KINDS = frozenset(
    {"country", "demonym", "capital", "region", "people", "seat", "body", "title"}
)

# How many sentences back a pronoun or a description may reach.
PRONOUN_REACH = 2
DESCRIPTION_REACH = 8

HE = frozenset("he him his himself she her hers herself".split())
IT = frozenset("it its itself".split())
THEY = frozenset("they them their theirs themselves".split())

NUMBERS = {"both": 2, "each": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
COUNTRY_NOUNS = frozenset(
    """
    country countries nation nations state states neighbour neighbours neighbor neighbors republic
    republics kingdom kingdoms capital capitals government governments power powers armies
    militaries parliaments ministries
    """.split()
)
SIDE_NOUNS = frozenset(
    "side sides party parties rival rivals foe foes enemies ally allies sides partners".split()
)
PAIRED = frozenset({"sides", "parties", "foes", "rivals", "neighbours", "neighbors"})
LEADER_NOUNS = frozenset(
    """
    leader leaders president presidents minister ministers men women diplomats officials envoys
    premiers chiefs pair duo politicians generals
    """.split()
)
# The head noun of a description -> the kinds and sectors it may stand for.
GROUP_NOUNS = frozenset(
    """
    group groups movement organisation organization militia rebels militants insurgents fighters
    faction extremists terrorists jihadists guerrillas separatists party front network cartel gang
    """.split()
)
ORGANISATION_NOUNS = frozenset(
    """
    alliance bloc union organisation organization agency body court mission company firm giant
    watchdog charity coalition council commission tribunal consortium
    """.split()
)
PERSON_NOUNS = frozenset(
    """
    president premier minister chancellor king queen prince emir sultan leader official spokesman
    spokeswoman spokesperson envoy diplomat ambassador general commander governor mayor senator
    lawmaker judge prosecutor politician secretary chief director man woman cleric ayatollah
    """.split()
)
BODY_SECTORS = {
    "ministry": "GOV", "government": "GOV", "cabinet": "GOV", "regime": "GOV", "authorities": "GOV",
    "administration": "GOV", "embassy": "GOV", "delegation": "GOV", "junta": "GOV",
    "army": "MIL", "military": "MIL", "navy": "MIL", "forces": "MIL", "troops": "MIL",
    "soldiers": "MIL", "force": "MIL", "parliament": "LEG", "assembly": "LEG", "senate": "LEG",
    "lawmakers": "LEG", "police": "COP", "officers": "COP", "protesters": "CVL",
    "demonstrators": "CVL", "activists": "OPP", "opposition": "OPP", "gunmen": "UAF",
    "attackers": "UAF", "assailants": "UAF", "villagers": "CVL", "residents": "CVL",
    "victims": "CVL", "civilians": "CVL", "workers": "LAB", "refugees": "REF", "migrants": "REF",
    "rebels": "REB", "insurgents": "REB", "militants": "UAF", "militia": "UAF", "court": "JUD",
    "judges": "JUD", "journalists": "JRN",
}  # fmt: skip

# Bodies of many countries that English calls by these words alone where America's are meant.
BARE_BODIES = ("Congress", "Senate", "House of Representatives")
AMERICAN = re.compile(r"\b(?:U\.?S\b|United States|America)")
WORDS = re.compile(r"[^\W\d_]+")
LOCATING = re.compile(
    r"\b(?:in|near|from|across|outside|inside|at|around|throughout|over|on)\s+(?:(?!to\b)[^\s,;]+\s+){0,3}$",
    re.IGNORECASE,
)
OF_A_PLACE = re.compile(r"\s(?:in|near|from|at|of|outside)\s(?:the\s)?[A-Z]")
WHERE = re.compile(r",? where (?:the )?", re.IGNORECASE)


def resolve_descriptions(
    document: Document,
    mentions: Sequence[ActorMention],
    *,
    located: Sequence[tuple[Span, str]] = (),
) -> list[ActorMention]:
    """Return the mentions with a country for each description that lacked one.

    "The ministry" is the one named before. Else a description takes the state named last before
    it in its sentence, or alone in the sentence before; "police", "protesters" and "rebels" the
    country of a place in their sentence first. Where nothing is near, the country that the
    article names most stands in. `located` are resolved toponyms with their
    countries, in text order, for callers who have them. Order and length are kept; mentions of
    organisations and of what has no country by nature are left as they are.
    """
    mentions = _place_bare_bodies(document, mentions)
    if all(not _is_open(mention) for mention in mentions):
        return mentions
    places = sorted(
        [
            (m.span, m.country)
            for m in mentions
            if m.country and m.kind in ("country", "capital", "region")
        ]
        + list(located),
        key=lambda place: place[0],
    )
    focus = _focus(document, mentions)
    resolved: list[ActorMention] = []
    settled: list[ActorMention] = []
    for mention in mentions:
        if not _is_open(mention):
            resolved.append(mention)
            settled.append(mention)
            continue
        same = _named_before(document, mention, settled)
        if same is not None:
            mention = replace(
                mention, name=same.name, country=same.country, sector=same.sector, code=same.code
            )
        else:
            country = _country_for(document, mention, resolved, places) or focus
            if country:
                code = " ".join(part for part in (country, mention.sector) if part)
                mention = replace(mention, country=country, code=code)
        resolved.append(mention)
    return resolved


def _place_bare_bodies(document: Document, mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Return the mentions with "Congress" and "the Senate" given to the country they are of.

    They are America's, unless the text named another country's by that word before, or never
    speaks of America at all.
    """
    bare = [_is_bare_body(mention) for mention in mentions]
    if not any(bare):
        return list(mentions)
    others = [mention for mention, is_bare in zip(mentions, bare, strict=True) if not is_bare]
    american = any(mention.country == "USA" for mention in others)
    home = None if american else _focus(document, others)
    placed: list[ActorMention] = []
    for mention, is_bare in zip(mentions, bare, strict=True):
        if is_bare:
            word = mention.text.rsplit(" ", 1)[-1]
            named = [
                other.country
                for other in placed
                if other.country and other.kind == "body" and other.text.endswith(f" {word}")
            ]
            country = named[-1] if named else home
            if country and country != mention.country:
                code = " ".join(part for part in (country, mention.sector) if part)
                mention = replace(mention, country=country, code=code)
        placed.append(mention)
    return placed


def _is_bare_body(mention: ActorMention) -> bool:
    return (
        mention.kind == "body"
        and mention.country == "USA"
        and mention.text.endswith(BARE_BODIES)
        and AMERICAN.search(mention.text) is None
    )


def _named_before(
    document: Document, mention: ActorMention, settled: Sequence[ActorMention]
) -> ActorMention | None:
    """Return who "the ministry", "the president" or "the rebels" were named as before.

    The same noun must have stood in a fuller name; rebels and militants may also have been
    named as a group ("M23 ... the rebels").
    """
    before = document.article.text[max(0, mention.span.start - 6) : mention.span.start].lower()
    index = document.sentence_at(mention.span.start)
    if index is None:
        return None
    floor = document.sentences[max(0, index - DESCRIPTION_REACH)].span.start
    head = mention.text.rsplit(" ", 1)[-1].lower().rstrip("s")
    armed = mention.sector in ARMED_SECTORS
    if not before.endswith("the "):
        groups = {
            other.code: other
            for other in settled
            if other.kind == "group" and other.sector in ARMED_SECTORS and other.span.start >= floor
        }
        # "killed 20 militants" are those of the only armed group that the text speaks of.
        return next(iter(groups.values())) if armed and len(groups) == 1 else None
    for other in reversed(settled):
        if other.span.start < floor:
            return None
        if other.kind == "group" and armed and other.sector in ARMED_SECTORS:
            return other
        if other.country is None or other.kind in (
            "country",
            "demonym",
            "capital",
            "region",
            "thing",
        ):
            continue
        if " " in other.text and re.search(rf"\b{re.escape(head)}s?\b", other.text.lower()):
            return other
    return None


def _is_open(mention: ActorMention) -> bool:
    return (
        mention.country is None
        and mention.sector is not None
        and mention.code in (None, mention.sector)
        and mention.sector not in STATELESS_SECTORS
        and mention.kind not in ("organisation", "group")
    )


def _focus(document: Document, mentions: Iterable[ActorMention]) -> str | None:
    """Return the country that the article names most, its first two sentences counting thrice."""
    head = (
        document.sentences[min(1, len(document.sentences) - 1)].span.end
        if document.sentences
        else 0
    )
    weights: Counter[str] = Counter()
    for mention in mentions:
        if mention.country and _lends_country(mention):
            weights[mention.country] += 3 if mention.span.start < head else 1
    first = next((m.country for m in mentions if m.country and _lends_country(m)), None)
    if first:
        weights[first] += 2
    return weights.most_common(1)[0][0] if weights else None


def _country_for(
    document: Document,
    mention: ActorMention,
    before: Sequence[ActorMention],
    places: Sequence[tuple[Span, str | None]],
) -> str | None:
    index = document.sentence_at(mention.span.start)
    if index is None:
        return None
    sentence = document.sentences[index]
    if mention.sector in LOCAL_SECTORS:
        country = _country_nearby(document.article.text, mention, sentence.span, places)
        if country:
            return country
    # Of the descriptions in the sentences of annotated events, 90 % got the country of an actor
    # in the public articles this way (93 % in our own); looking back a paragraph, 85 (91) %.
    for other in reversed(before):
        if other.span.start < sentence.span.start:
            break
        if other.country and _lends_country(other):
            return other.country
    if mention.sector in LOCAL_SECTORS:
        # "villagers in Barpak" are of a place, though we do not know it.
        if OF_A_PLACE.match(document.article.text, mention.span.end):
            return None
        return _country_of_paragraph(document, index, places)
    if index:
        last = document.sentences[index - 1].span
        named = {m.country for m in before if last.covers(m.span) and _lends_country(m)}
        if len(named) == 1:
            return named.pop()
    return None


def _country_of_paragraph(
    document: Document, index: int, places: Sequence[tuple[Span, str | None]]
) -> str | None:
    """Return the country of the last place that the paragraph told of before a sentence."""
    text, paragraph = document.article.text, document.sentences[index].paragraph
    for earlier in reversed(range(max(0, index - PRONOUN_REACH), index)):
        sentence = document.sentences[earlier]
        if sentence.paragraph != paragraph:
            return None
        for span, country in reversed(places):
            before = text[max(sentence.span.start, span.start - 40) : span.start]
            if country and sentence.span.covers(span) and LOCATING.search(before):
                return country
    return None


def _country_nearby(
    text: str,
    mention: ActorMention,
    within: Span,
    places: Sequence[tuple[Span, str | None]],
) -> str | None:
    """Return the country of the nearest place of the sentence that a preposition puts there."""
    nearest: tuple[int, str] | None = None
    for span, country in places:
        if country is None or not within.covers(span):
            continue
        after = text[span.end : mention.span.start] if span.end <= mention.span.start else ""
        if WHERE.fullmatch(after):
            return country
        if not LOCATING.search(text[max(within.start, span.start - 40) : span.start]):
            continue
        distance = span.start - mention.span.end
        # What follows the word is likelier to place it than what stands before.
        distance = distance if distance >= 0 else 20 + mention.span.start - span.end
        if nearest is None or distance < nearest[0]:
            nearest = (distance, country)
    return nearest[1] if nearest else None


def _lends_country(mention: ActorMention) -> bool:
    """Say whether a mention's country may be that of a description after it."""
    return mention.kind not in ("thing", "organisation")


def resolve_anaphora(
    document: Document, span: Span, mentions: Sequence[ActorMention]
) -> list[ActorMention]:
    """Return the actors meant by a pronoun or definite noun phrase, or an empty list.

    `span` covers the pronoun or the noun phrase, with or without its article; `mentions` are
    the article's actors in text order, of which only those before the span are looked at. What
    is returned keeps its own span, so that the words that prove it can be shown; several
    actors come in text order ("both countries", "they" of "Iran and Iraq").
    """
    words = [word.lower() for word in WORDS.findall(span.of(document.article.text))]
    earlier = [mention for mention in mentions if mention.span.end <= span.start]
    if not words or not earlier:
        return []
    index = document.sentence_at(span.start)
    if index is None:
        return []
    head = words[-1]
    if len(words) == 1 and head in HE:
        return _nearest(document, index, earlier, _is_a_person, PRONOUN_REACH)
    if len(words) == 1 and head in IT:
        return _nearest(document, index, earlier, _is_single_body, PRONOUN_REACH)
    if len(words) == 1 and head in THEY:
        pair = _last_pair(document, index, earlier, lambda m: m.kind != "thing", PRONOUN_REACH)
        return pair or _nearest(document, index, earlier, _is_many, PRONOUN_REACH)
    number = next((NUMBERS[word] for word in words if word in NUMBERS), 0)
    if number == 0 and head in ("pair", "duo"):
        number = 2
    if number == 0 and head in PAIRED and len(words) <= 3:
        number = 2
    if number:
        return _several(document, index, earlier, head, number)
    return _described(document, index, earlier, words)


def _several(
    document: Document, index: int, earlier: Sequence[ActorMention], head: str, number: int
) -> list[ActorMention]:
    accepts: Callable[[ActorMention], bool]
    if head in COUNTRY_NOUNS:
        accepts = _has_country
    elif head in LEADER_NOUNS:
        accepts = _is_leader
    elif head in SIDE_NOUNS or head in NUMBERS:
        # "The two last met in Zagreb"
        accepts = _is_actor
    else:
        return []
    if number == 2:
        pair = _last_pair(document, index, earlier, accepts, DESCRIPTION_REACH)
        if pair:
            return pair
    chosen: dict[str, ActorMention] = {}
    for mention in reversed(earlier):
        key = (mention.country if head in COUNTRY_NOUNS else None) or mention.code or mention.name
        if accepts(mention) and key not in chosen:
            chosen[key] = mention
            if len(chosen) == number:
                return sorted(chosen.values(), key=lambda m: m.span)
    return []


def _described(
    document: Document, index: int, earlier: Sequence[ActorMention], words: Sequence[str]
) -> list[ActorMention]:
    head = words[-1]
    bare = (
        len([word for word in words if word not in ("the", "that", "this", "these", "those")]) == 1
    )
    if head in BODY_SECTORS and bare:
        sector = BODY_SECTORS[head]
        same = _nearest(
            document,
            index,
            earlier,
            lambda m: m.sector == sector and head in m.text.lower(),
            DESCRIPTION_REACH,
        ) or _nearest(document, index, earlier, lambda m: m.sector == sector, PRONOUN_REACH)
        if same:
            return same
    if head in PERSON_NOUNS and bare:
        same = _nearest(
            document,
            index,
            earlier,
            lambda m: _is_a_person(m) and head in m.text.lower(),
            DESCRIPTION_REACH,
        )
        return same or _nearest(document, index, earlier, _is_a_person, PRONOUN_REACH)
    if head in GROUP_NOUNS:
        same = _nearest(document, index, earlier, lambda m: m.kind == "group", DESCRIPTION_REACH)
        if same:
            return same
    if head in ORGANISATION_NOUNS:
        return _nearest(
            document, index, earlier, lambda m: m.kind == "organisation", DESCRIPTION_REACH
        )
    if head in COUNTRY_NOUNS and bare:
        return _nearest(
            document,
            index,
            earlier,
            lambda m: m.kind in ("country", "capital", "demonym"),
            DESCRIPTION_REACH,
        )
    return []


def _nearest(
    document: Document,
    index: int,
    earlier: Sequence[ActorMention],
    accepts: Callable[[ActorMention], bool],
    reach: int,
) -> list[ActorMention]:
    """Return the first fitting mention of this sentence, else of the sentence before, and so on."""
    for back in range(reach + 1):
        if index - back < 0:
            break
        within = document.sentences[index - back].span
        for mention in earlier:
            if mention.span.start >= within.end:
                break
            if mention.span.start >= within.start and accepts(mention):
                return [mention]
    return []


def _last_pair(
    document: Document,
    index: int,
    earlier: Sequence[ActorMention],
    accepts: Callable[[ActorMention], bool],
    reach: int,
) -> list[ActorMention]:
    """Return the last two fitting actors that "and", a comma, "with" or a hyphen joins."""
    floor = document.sentences[max(0, index - reach)].span.start
    fitting = [mention for mention in earlier if accepts(mention) and mention.span.start >= floor]
    for first, second in zip(reversed(fitting[:-1]), reversed(fitting[1:]), strict=True):
        between = document.article.text[first.span.end : second.span.start].lower()
        if JOINED.fullmatch(between) and (first.country, first.code) != (
            second.country,
            second.code,
        ):
            return [first, second]
    return []


JOINED = re.compile(
    r"(?:\s+(?:and|with|between|against|versus|vs\.?)\s+|,\s+|-|–)(?:the\s+)?(?:\w+\s+)?"
)


def _has_country(mention: ActorMention) -> bool:
    return mention.country is not None and mention.kind in STATE_KINDS | {"person"}


def _is_leader(mention: ActorMention) -> bool:
    return mention.kind in PERSON_KINDS


def _is_actor(mention: ActorMention) -> bool:
    return mention.kind != "thing" and mention.code is not None


def _is_single_body(mention: ActorMention) -> bool:
    return mention.kind in (
        "country",
        "capital",
        "seat",
        "organisation",
        "group",
        "body",
        "demonym",
    )


def _is_many(mention: ActorMention) -> bool:
    return mention.kind in ("people", "group", "body", "title") and not _is_one_person(mention)


@lru_cache(maxsize=1024)
def _ends_plural(word: str) -> bool:
    return word.endswith(("s", "men", "people", "police", "children"))


def _is_one_person(mention: ActorMention) -> bool:
    return mention.kind == "title" and not _ends_plural(mention.text.rsplit(" ", 1)[-1].lower())


def _is_a_person(mention: ActorMention) -> bool:
    """Say whether "he" may be meant: "the terrorists" are not."""
    return mention.kind == "person" or _is_one_person(mention)

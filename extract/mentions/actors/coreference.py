"""Light coreference within one article: who "both sides", "the group" and "he" are.

No tree is needed: the order of mentions, their kinds and their sentences decide. The rules
are the plain ones of news writing: a pronoun takes the first fitting actor of its own sentence
before it, else of the sentence before; "both countries" the last two countries named side by side,
else the last two named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from extract.language import Document
from extract.records import ActorMention, Span

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

WORDS = re.compile(r"[^\W\d_]+")


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
        pair = _last_pair(document, index, earlier, _is_agent, PRONOUN_REACH)
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


def _is_agent(mention: ActorMention) -> bool:
    """Say whether "they" may do something: neither a town nor a thing."""
    return mention.kind not in ("thing", "region")


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

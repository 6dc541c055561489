"""The names of a sentence that may say where something happened.

These are the toponyms that the recogniser found, and the other proper names: a village that no
list knows is still where the event happened, when the words say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from extract.language import Sentence
from extract.linking.attachment import head_of, tokens_of
from extract.records import ActorMention, ResolvedToponym, Span
from extract.syntax import find_prepositions, phrase_head

# Nouns that stand between a name and what it locates: "the village of X", "off the coast of X".
PLACE_NOUNS = frozenset(
    """
    village town city suburb capital district province region state county area outskirts border
    coast shore waters port airport base camp island neighbourhood neighborhood quarter centre
    center north south east west northeast northwest southeast southwest part parts vicinity valley
    mountains governorate oblast prefecture municipality territory enclave republic square street
    road highway university mosque church hospital market checkpoint bridge prison embassy
    countryside heart edge side front line frontier strip peninsula sector
    """.split()
)
# Tags that the words of a name have; a noun or adjective counts when it has a capital.
NAME_TAGS = frozenset({"NNP", "NNPS", "FW", "NN", "NNS", "JJ", "VBG", "NFP"})
PROPER_TAGS = frozenset({"NNP", "NNPS"})
# Small words inside names, and the Arabic article, which may also open one ("al-Wafa").
INNER_WORDS = frozenset("- of ’ ' ‘ de du la abu bin _".split())
ARABIC_ARTICLES = frozenset("al ad ar as at ash an az es ez el ul".split())
# Articles that are words of English too: they open a name only before a hyphen ("at-Tall").
ENGLISH_WORDS = frozenset("as at an".split())
# Small words that end a name behind a hyphen: "Punggye-ri", "Haji-abad".
ENDINGS = frozenset("ri dong gun do si gu up myon abad pur had han kot".split())
DIRECTIONS = frozenset(
    "north south east west northern southern eastern western central northeast northwest "
    "southeast southwest".split()
)
LONGEST_LINK = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name of a sentence.

    `resolved` is the toponym, None for a name that our recogniser takes for no place; the name
    may be longer ("Jobar District"). `actor` is the actor mention that shares words with it.
    `head` is its own head token, `outer` the head of
    the place phrase around it ("village" in "the village of X"). `preposition` introduces it;
    without one it is the tag of the word before, after a hyphen.
    """

    span: Span
    tokens: tuple[Token, ...]
    resolved: ResolvedToponym | None
    actor: ActorMention | None
    head: Token
    outer: Token
    preposition: str

    @property
    def kind(self) -> str:
        """Return "known" of a toponym with a place, "unknown" without one, "free" of no toponym."""
        if self.resolved is None:
            return "free"
        return "known" if self.resolved.place else "unknown"


def find_names(
    sentence: Sentence,
    resolved: Iterable[ResolvedToponym],
    actors: Iterable[ActorMention],
    times: Iterable[Span],
) -> list[Name]:
    """Return the names of one parsed sentence, in text order.

    The toponyms, actors and time expressions may be those of the whole article.
    """
    inside = [item for item in resolved if sentence.span.covers(item.span)]
    acting = [actor for actor in actors if sentence.span.overlaps(actor.span)]
    days = [span for span in times if sentence.span.overlaps(span)]
    found: dict[Span, ResolvedToponym | None] = {item.span: item for item in inside}
    for first, last in find_proper_names(sentence.tokens):
        span = sentence.span_of(first, last)
        if any(span.overlaps(day) for day in days):
            continue
        parts = [item for item in inside if item.span.overlaps(span)]
        if not parts:
            found[span] = None
        elif _is_one_name(sentence, span, parts, acting):
            for item in parts:
                found.pop(item.span, None)
            found[span] = next((item for item in parts if item.place), parts[0])
    names = []
    for span in sorted(found):
        tokens = tokens_of(sentence, span)
        if tokens:
            actor = next((actor for actor in acting if actor.span.overlaps(span)), None)
            names.append(_make_name(sentence, span, tokens, found[span], actor))
    return names


def _is_one_name(
    sentence: Sentence,
    span: Span,
    parts: Sequence[ResolvedToponym],
    acting: Sequence[ActorMention],
) -> bool:
    """Say whether words with capitals around a toponym are one longer name with it.

    So are "Jobar District" and "Kfar Tibnit" (of those that people marked in 5,600 sentences 65
    were the longer, 8 the shorter name), but not an actor beside it, what "of" joins, a direction,
    nor two places that are both known ("Pristina-Belgrade").
    """
    if any(not span.covers(item.span) for item in parts) or parts[0].span == span:
        return False
    if sum(item.place is not None for item in parts) > 1:
        return False
    around = [
        token.lower_
        for token in tokens_of(sentence, span)
        if not any(
            item.span.start <= sentence.span.start + token.idx < item.span.end for item in parts
        )
    ]
    if not DIRECTIONS.isdisjoint(around) or "of" in around:
        return False
    inner = [item.span for item in parts]
    return not any(
        actor.span.overlaps(span) and not any(actor.span.overlaps(part) for part in inner)
        for actor in acting
    )


def find_proper_names(tokens: Doc) -> list[tuple[int, int]]:
    """Return the first and last index of each stretch of words that looks like a name.

    Words with capitals, also across a hyphen, "of" or an Arabic article ("Umm al-Fahm"); the
    first word of a sentence only where it is tagged as a name.
    """
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(tokens):
        first = position
        position = _skip_article(tokens, position)
        token = tokens[position]
        opens = position == 0
        if not _has_capital(token) or (opens and token.tag_ not in PROPER_TAGS):
            position = first + 1
            continue
        last = position
        while (following := _next_part(tokens, last)) is not None:
            last = following
        found.append((first, last))
        position = last + 1
    return found


def locative_head(token: Token) -> Token:
    """Return the outermost place noun of a name, "village" in "the village of X", or its head."""
    current = phrase_head(token)
    for _ in range(4):
        if (current.dep_ == "appos" and current.head.i < current.i) or (
            current.dep_ in ("nmod", "nmod:desc") and current.head.lower_ in PLACE_NOUNS
        ):
            current = phrase_head(current.head)
        else:
            break
    return current


def _make_name(
    sentence: Sentence,
    span: Span,
    tokens: Sequence[Token],
    resolved: ResolvedToponym | None,
    actor: ActorMention | None,
) -> Name:
    head = head_of(tokens)
    outer = locative_head(head)
    prepositions = find_prepositions(outer) or find_prepositions(head)
    first = tokens[0].i
    if prepositions:
        preposition = prepositions[-1]
    else:
        preposition = f"-{sentence.tokens[first - 1].pos_}" if first else "^"
    return Name(span, tuple(tokens), resolved, actor, head, outer, preposition)


def _has_capital(token: Token) -> bool:
    return token.text[0].isupper() and token.tag_ in NAME_TAGS


def _skip_article(tokens: Doc, position: int) -> int:
    """Return where the name itself begins behind a small Arabic article, else the position."""
    token = tokens[position]
    if token.lower_ not in ARABIC_ARTICLES or token.text[0].isupper():
        return position
    following = position + 1
    if following < len(tokens) and tokens[following].text == "-":
        following += 1
    elif token.lower_ in ENGLISH_WORDS:
        return position
    if following < len(tokens) and tokens[following].text[0].isupper():
        return following
    return position


def _next_part(tokens: Doc, last: int) -> int | None:
    """Return the index of the next word of the name that ends at `last` so far, or None."""
    following = last + 1
    if following < len(tokens) and _has_capital(tokens[following]):
        return following
    if (
        following + 1 < len(tokens)
        and tokens[following].text == "-"
        and tokens[following + 1].text in ENDINGS
    ):
        return following + 1
    while following < len(tokens) and following - last <= LONGEST_LINK:
        word = tokens[following].lower_
        if word not in INNER_WORDS and word not in ARABIC_ARTICLES:
            break
        following += 1
    if following in (last + 1, len(tokens)) or not tokens[following].text[0].isupper():
        return None
    link = tokens[last + 1]
    closes = link.text in ("'", "’") and bool(link.whitespace_)
    return None if closes else following

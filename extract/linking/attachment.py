"""How likely it is that a toponym says where the event at a trigger happens.

A logistic model over features of the way between the two in the tree: prepositions, labels,
clause boundaries, distance and order, and what other names compete. Learned by
`training/attachment.py` from sentences in which people marked where the event at a verb
happened (event_location corpus, MIT); the scores are in `docs/linking.md`.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Token

from extract.bundled import bundled_path
from extract.language import Sentence
from extract.records import Span
from extract.syntax import CLAUSES, SUBJECTS, find_prepositions, phrase_head, tree_path

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


@dataclass(frozen=True, slots=True)
class AttachmentModel:
    """Weights of the features; an unknown feature weighs nothing."""

    weights: Mapping[str, float]

    def probability(self, features: Iterable[str]) -> float:
        """Return the probability, 0 to 1, that the name belongs to the trigger."""
        total = math.fsum(self.weights.get(feature, 0.0) for feature in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def load_attachment_model() -> AttachmentModel:
    """Read the bundled weights, once."""
    path = bundled_path("models/attachment.json")
    return AttachmentModel(json.loads(path.read_text(encoding="utf-8")))


def tokens_of(sentence: Sentence, span: Span) -> list[Token]:
    """Return the sentence's tokens that share a character with the article's span, in order."""
    start, end = span.start - sentence.span.start, span.end - sentence.span.start
    tokens = sentence.tokens
    first = max(0, bisect_right(tokens, start, key=lambda token: token.idx) - 1)
    found = []
    for index in range(first, len(tokens)):
        token = tokens[index]
        if token.idx >= end:
            break
        if token.idx + len(token) > start:
            found.append(token)
    return found


def head_of(tokens: Sequence[Token]) -> Token:
    """Return the token of a phrase on which the others hang."""
    inside = {token.i for token in tokens}
    for token in tokens:
        if token.head.i not in inside or token.head.i == token.i:
            return token
    return tokens[-1]


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


def describe_attachment(
    sentence: Sentence, trigger: Sequence[Token], name: Sequence[Token], rivals: Sequence[Span]
) -> list[str]:
    """Return the features of a name and a trigger of one parsed sentence.

    `rivals` are the article's spans of the sentence's other toponyms, in text order.
    """
    own, verb = head_of(name), head_of(trigger)
    head = locative_head(own)
    prepositions = find_prepositions(head) or find_prepositions(own)
    preposition = prepositions[-1] if prepositions else _word_before(sentence, name)
    ups, downs = tree_path(head, verb)
    up_labels = [token.dep_ for token in ups]
    down_labels = [token.dep_ for token in downs]
    clauses = sum(label in CLAUSES for label in up_labels) + sum(
        label in CLAUSES for label in down_labels
    )
    after = name[0].i > verb.i
    distance = abs(name[0].i - verb.i)
    low, high = sorted((verb.i, name[0].i))
    between = sum(token.pos_ == "VERB" for token in sentence.tokens[low + 1 : high])
    features = [
        "bias",
        f"preposition={preposition}",
        f"label={head.dep_}",
        f"preposition={preposition}|after={after}",
        f"label={head.dep_}|preposition={preposition}",
        "up=" + ">".join(up_labels[:3]),
        "down=" + ">".join(down_labels[-3:]),
        f"way={len(ups)}-{min(len(downs), 4)}",
        f"clauses={min(clauses, 3)}",
        f"after={after}|distance={_bucket(distance)}",
        f"verbs_between={min(between, 3)}",
        f"verb={verb.lemma_.lower()}|label={head.dep_}",
        f"verb_tag={verb.tag_}|up={'>'.join(up_labels[:2])}",
    ]
    governor = head.head
    if governor.i != head.i:
        features.append(f"governor={governor.lemma_.lower()}")
        if governor.i == verb.i:
            features.append(f"direct|{head.dep_}|{preposition}")
    if head.i != own.i:
        features.append(f"within={head.lemma_.lower()}")
    if own.dep_ in SUBJECTS:
        features.append("subject")
    features += _describe_rivals(sentence, name, head, verb, rivals)
    return features


def _describe_rivals(
    sentence: Sentence,
    name: Sequence[Token],
    head: Token,
    verb: Token,
    rivals: Sequence[Span],
) -> list[str]:
    """Return how the name stands among the sentence's other names: order, nearness, containment."""
    features = [f"rivals={min(len(rivals), 4)}"]
    own_way = sum(map(len, tree_path(head, verb)))
    nearer = 0
    start = sentence.span.start + name[0].idx
    end = sentence.span.start + name[-1].idx + len(name[-1].text)
    for rival in rivals:
        tokens = tokens_of(sentence, rival)
        if not tokens:
            continue
        way = sum(map(len, tree_path(locative_head(head_of(tokens)), verb)))
        nearer += way < own_way
        if rival.end <= start and start - rival.end <= 3:
            gap = sentence.text[rival.end - sentence.span.start : start - sentence.span.start]
            features.append(f"behind_name={gap.strip()}")
        elif rival.end <= start and any(
            ancestor.i in {token.i for token in tokens} for ancestor in head.ancestors
        ):
            features.append("inside_phrase_of_name")
        if end <= rival.start and rival.start - end <= 3:
            gap = sentence.text[end - sentence.span.start : rival.start - sentence.span.start]
            features.append(f"before_name={gap.strip()}")
    features.append(f"nearer={min(nearer, 3)}")
    return features


def _word_before(sentence: Sentence, name: Sequence[Token]) -> str:
    if name[0].i == 0:
        return "^"
    before = sentence.tokens[name[0].i - 1]
    return f"-{before.pos_}"


def _bucket(distance: int) -> str:
    for limit in (1, 2, 4, 7, 11, 17):
        if distance <= limit:
            return str(limit)
    return "far"

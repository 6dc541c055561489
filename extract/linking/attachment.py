"""How likely it is that a name says where the event at a trigger happens: the model.

A logistic model over the features that `extract.linking.scene` reads off the sentence. Learned
by `training/attachment.py` from sentences in which people marked where the event at a verb
happened (event_location corpus, MIT); the scores are in `docs/linking.md`.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from spacy.tokens import Token

from extract.bundled import bundled_path
from extract.language import Sentence
from extract.records import Span


@dataclass(frozen=True, slots=True)
class AttachmentModel:
    """Weights of the features; an unknown feature weighs nothing."""

    weights: Mapping[str, float]

    def probability(self, features: Iterable[str]) -> float:
        """Return the probability, 0 to 1, that the name belongs to the trigger."""
        total = math.fsum(map(self.weights.get, features, repeat(0.0)))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def load_attachment_model() -> AttachmentModel:
    """Read the bundled weights, once."""
    path = bundled_path("models/attachment.json")
    return AttachmentModel(json.loads(path.read_text(encoding="utf-8")))


def tokens_of(sentence: Sentence, span: Span) -> list[Token]:
    """Return the sentence's tokens that share a character with the article's span, in order."""
    start, end = span.start - sentence.span.start, span.end - sentence.span.start
    tokens, starts = sentence.tokens, sentence.starts
    first = max(0, bisect_right(starts, start) - 1)
    last = bisect_left(starts, end, first)
    if first < last and starts[first] + len(tokens[first]) <= start:
        first += 1
    return [tokens[index] for index in range(first, last)]


def head_of(tokens: Sequence[Token]) -> Token:
    """Return the token of a phrase on which the others hang."""
    inside = {token.i for token in tokens}
    for token in tokens:
        if token.head.i not in inside or token.head.i == token.i:
            return token
    return tokens[-1]

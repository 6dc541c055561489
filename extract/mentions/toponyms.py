"""Find the names of places in a document: spans and how sure, not yet which places.

    sentences -> tokens -> features -> probabilities of B, I, O -> spans -> acts?

The model (`data/bundled/models/toponyms.npz`, its card in docs/toponyms.md) is a conditional
random field that sees the words around, the gazetteer and the rest of the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer
from extract.language import Document
from extract.mentions.sequence_model import Array, SequenceModel
from extract.mentions.token_features import (
    WINDOW,
    FactsLookup,
    Sentence,
    Token,
    describe_document,
    describe_form,
    make_lookup,
    offsets_of,
    tokenize,
)
from extract.records import BlockKind, Span, Toponym

# A token belongs to a toponym from this probability on.
THRESHOLD = 0.5

# Forms whose scores are remembered; a form costs about 100 bytes.
REMEMBERED_FORMS = 200_000


class ToponymRecognizer:
    """Finds toponyms with a trained model and a gazetteer.

    `model` is the path of another model than the bundled one. Raises ModelError when it cannot
    be read.
    """

    def __init__(self, gazetteer: Gazetteer, *, model: Path | None = None) -> None:
        self._model = SequenceModel.load(model or bundled_path("models/toponyms.npz"))
        self._lookup: FactsLookup = make_lookup(gazetteer)
        self._forms: dict[str, Array] = {}

    def find(self, document: Document) -> list[Toponym]:
        """Return the toponyms of a document in text order, not overlapping."""
        text = document.article.text
        sentences = [
            Sentence(
                tokenize(text, sentence.span.start, sentence.span.end),
                heading=sentence.kind is BlockKind.TITLE,
            )
            for sentence in document.sentences
        ]
        return self.find_in(sentences, text)

    def find_in(self, sentences: Sequence[Sentence], text: str) -> list[Toponym]:
        """Return the toponyms of tokenised sentences of one text, in text order."""
        sentences = [sentence for sentence in sentences if sentence.tokens]
        described = describe_document(sentences, text, self._lookup)
        scores = [
            self._score(sentence.tokens, own)
            for sentence, own in zip(sentences, described, strict=True)
        ]
        found: list[Toponym] = []
        for sentence, marginals in zip(sentences, self._model.find_marginals(scores), strict=True):
            found += read_spans(sentence.tokens, marginals, text)
        return sorted(found, key=lambda toponym: toponym.span)

    def _score(self, tokens: Sequence[Token], own: Sequence[Sequence[str]]) -> Array:
        """Return the summed weights of each token, shaped (tokens, labels)."""
        count = len(tokens)
        width = len(self._model.labels)
        windows = np.stack([self._weigh_form(token.text) for token in tokens])
        scores = np.zeros((count, width), dtype=np.float32)
        for offset in range(-WINDOW, WINDOW + 1):
            # The form at p + offset speaks for the token at p.
            low, high = max(0, -offset), min(count, count - offset)
            if low < high:
                scores[low:high] += windows[low + offset : high + offset, offset + WINDOW]
        for position, features in enumerate(own):
            if features:
                scores[position] += self._model.weigh(features)
        return scores

    def _weigh_form(self, form: str) -> Array:
        """Return a form's summed weights at each position of the window, remembered."""
        known = self._forms.get(form)
        if known is None:
            if len(self._forms) >= REMEMBERED_FORMS:
                self._forms.clear()
            known = np.stack(
                [
                    self._model.weigh(f"{offset}:{name}" for name in names)
                    for offset, names in offsets_of(describe_form(form, self._lookup))
                ]
            )
            self._forms[form] = known
        return known


def read_spans(tokens: Sequence[Token], marginals: Array, text: str) -> list[Toponym]:
    """Return the toponyms of one sentence from its probabilities of O, B and I, in order."""
    found: list[Toponym] = []
    first: int | None = None
    inside = marginals[:, 1:].sum(axis=1)
    for position in range(len(tokens) + 1):
        within = position < len(tokens) and inside[position] >= THRESHOLD
        begins = within and (first is None or marginals[position, 1] > marginals[position, 2])
        if first is not None and (begins or not within):
            toponym = _make_toponym(tokens, first, position - 1, inside, text)
            if toponym:
                found.append(toponym)
            first = None
        if begins:
            first = position
    return found


def _make_toponym(
    tokens: Sequence[Token], first: int, last: int, inside: Array, text: str
) -> Toponym | None:
    while first <= last and not tokens[first].text[0].isalnum():
        first += 1
    while last >= first and not tokens[last].text[0].isalnum():
        last -= 1
    if first > last:
        return None
    span = Span(tokens[first].start, tokens[last].end)
    probability = float(inside[first : last + 1].min())
    return Toponym(span, span.of(text), round(probability, 4), False)

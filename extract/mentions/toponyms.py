"""Find the names of places in a document: spans and how sure, not yet which places.

    sentences -> tokens -> features -> first look -> second look -> spans -> acts?

Both looks are conditional random fields (`data/bundled/models/toponyms_*.npz`, their card in
docs/toponyms.md) that see the words around, the gazetteer and cues from the whole document;
the second also sees what the first thought of every other mention of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer
from extract.language import Document
from extract.mentions.metonymy import acts, can_act
from extract.mentions.second_look import describe_first_look
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

FIRST, SECOND = "toponyms_first.npz", "toponyms_second.npz"

# A token belongs to a toponym from this probability on.
THRESHOLD = 0.5

# Forms whose scores are remembered; a form costs about 100 bytes.
REMEMBERED_FORMS = 200_000


# Columns of the model's probabilities.
BEGIN, INSIDE = 1, 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens that make one toponym; `last` is inclusive, `probability` that of the least sure."""

    first: int
    last: int
    probability: float


class ToponymRecognizer:
    """Finds toponyms with two trained models and a gazetteer.

    `models` is the folder of other models than the bundled ones. Raises ModelError when they
    cannot be read.
    """

    def __init__(self, gazetteer: Gazetteer, *, models: Path | None = None) -> None:
        folder = models or bundled_path("models")
        self._lookup: FactsLookup = make_lookup(gazetteer)
        self._first = FormWeights(SequenceModel.load(folder / FIRST), self._lookup)
        self._second = FormWeights(SequenceModel.load(folder / SECOND), self._lookup)

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
        first = self._first.find_marginals(sentences, described)
        seen = describe_first_look(sentences, first, self._first.model.labels)
        second = self._second.find_marginals(
            sentences,
            [
                [features + more for features, more in zip(own, extra, strict=True)]
                for own, extra in zip(described, seen, strict=True)
            ],
        )
        found = [
            self._make_toponym(sentence.tokens, stretch, text)
            for sentence, marginals in zip(sentences, second, strict=True)
            for stretch in read_stretches(sentence.tokens, marginals)
        ]
        return sorted(found, key=lambda toponym: toponym.span)

    def _make_toponym(self, tokens: Sequence[Token], stretch: Stretch, text: str) -> Toponym:
        span = Span(tokens[stretch.first].start, tokens[stretch.last].end)
        words = span.of(text)
        is_actor = can_act(self._lookup(words)) and acts(tokens, stretch.first, stretch.last)
        return Toponym(span, words, round(stretch.probability, 4), is_actor)


class FormWeights:
    """A model with the summed weights of the forms that it met, by position in the window."""

    def __init__(self, model: SequenceModel, lookup: FactsLookup) -> None:
        self.model = model
        self._lookup = lookup
        self._forms: dict[str, Array] = {}

    def find_marginals(
        self, sentences: Sequence[Sentence], described: Sequence[Sequence[Sequence[str]]]
    ) -> list[Array]:
        """Return each sentence's probabilities, shaped (tokens, labels)."""
        return self.model.find_marginals(
            [
                self._score(sentence.tokens, own)
                for sentence, own in zip(sentences, described, strict=True)
            ]
        )

    def _score(self, tokens: Sequence[Token], own: Sequence[Sequence[str]]) -> Array:
        """Return the summed weights of each token, shaped (tokens, labels)."""
        count = len(tokens)
        windows = np.stack([self._weigh_form(token.text) for token in tokens])
        scores = np.zeros((count, len(self.model.labels)), dtype=np.float32)
        for offset in range(-WINDOW, WINDOW + 1):
            # The form at p + offset speaks for the token at p.
            low, high = max(0, -offset), min(count, count - offset)
            if low < high:
                scores[low:high] += windows[low + offset : high + offset, offset + WINDOW]
        for position, features in enumerate(own):
            if features:
                scores[position] += self.model.weigh(features)
        return scores

    def _weigh_form(self, form: str) -> Array:
        """Return a form's summed weights at each position of the window, remembered."""
        known = self._forms.get(form)
        if known is None:
            if len(self._forms) >= REMEMBERED_FORMS:
                self._forms.clear()
            known = np.stack(
                [
                    self.model.weigh(f"{offset}:{name}" for name in names)
                    for offset, names in offsets_of(describe_form(form, self._lookup))
                ]
            )
            self._forms[form] = known
        return known


def read_stretches(tokens: Sequence[Token], marginals: Array) -> list[Stretch]:
    """Return the toponyms of one sentence from its probabilities of each label, in order."""
    found: list[Stretch] = []
    first: int | None = None
    inside = marginals[:, BEGIN] + marginals[:, INSIDE]
    for position in range(len(tokens) + 1):
        within = position < len(tokens) and inside[position] >= THRESHOLD
        begins = within and (
            first is None or marginals[position, BEGIN] > marginals[position, INSIDE]
        )
        if first is not None and (begins or not within):
            stretch = _trim(tokens, first, position - 1, inside)
            if stretch:
                found.append(stretch)
            first = None
        if begins:
            first = position
    return found


def _trim(tokens: Sequence[Token], first: int, last: int, inside: Array) -> Stretch | None:
    """Drop signs and possessive endings at both ends of a stretch; None where nothing stays."""
    while first <= last and not tokens[first].text[0].isalnum():
        first += 1
    while last >= first and not tokens[last].text[0].isalnum():
        last -= 1
    if first > last:
        return None
    return Stretch(first, last, float(inside[first : last + 1].min()))

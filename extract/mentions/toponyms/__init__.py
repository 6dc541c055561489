"""Find the names of places in a document: spans and how sure, not yet which places.

    sentences -> tokens -> features -> probability of each label -> spans -> acts?

The model (`data/bundled/models/toponyms.npz`, its card in docs/toponyms.md) is a conditional
random field that sees the words around, the gazetteer and cues from the whole document.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer, NameFacts
from extract.language import Document
from extract.mentions.toponyms.boundaries import Stretch, settle
from extract.mentions.toponyms.initials import AREA, find_initials
from extract.mentions.toponyms.metonymy import acts, can_act, is_seat
from extract.mentions.toponyms.sequence_model import Array, SequenceModel
from extract.mentions.toponyms.token_features import (
    FactsLookup,
    Sentence,
    Token,
    describe_document,
    is_capitalised,
    make_lookup,
    tokenize,
)
from extract.mentions.toponyms.window_weights import WindowWeights
from extract.records import BlockKind, Span, Toponym

# A token belongs to a toponym from this probability on. Of 0.3 to 0.6 the best exact F1 on
# GeoVirus (.914), SETimes/VOA (.874) and re3d (.626), all three held out from training.
THRESHOLD = 0.6
# A name that the gazetteer has for areas alone ("Donbass", "Texas") needs less. Lowered to 0.4, F1
# on the same three corpora and on LGL stayed within .0003, and headlines gain.
AREA_THRESHOLD = 0.4
# What the model may believe besides: that it is a person's or an organisation's.
ANOTHER = 0.2

# Small words that a name may begin with, and what follows the digits of "13th Street".
ARTICLES = frozenset("al el ad an ar as ash at az d de la le".split())
ORDINALS = frozenset({"st", "nd", "rd", "th"})

# Columns of the model's probabilities.
BEGIN, INSIDE = 1, 2


class ToponymRecognizer:
    """Finds toponyms with a trained model and a gazetteer.

    `model` is the file of another model than the bundled one. Raises ModelError when it cannot
    be read.
    """

    def __init__(self, gazetteer: Gazetteer, *, model: Path | None = None) -> None:
        self._gazetteer = gazetteer
        self._lookup: FactsLookup = make_lookup(gazetteer)
        self._model = SequenceModel.load(model or bundled_path("models/toponyms.npz"))
        self._weights = WindowWeights(self._model, self._lookup)

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
        self._weights.forget()
        scores = self._weights.score(sentences, described)
        found = [
            self._make_toponym(sentence.tokens, stretch, text)
            for sentence, marginals in zip(
                sentences, self._model.find_marginals(scores), strict=True
            )
            for whole in self._read(sentence, marginals, text)
            for stretch in settle(sentence.tokens, whole, text, self._lookup)
        ]
        return sorted(found, key=lambda toponym: toponym.span)

    def _read(self, sentence: Sentence, marginals: Array, text: str) -> list[Stretch]:
        """Return the toponyms of a sentence: what the model found, and areas' initials."""
        marginals = self._favour_areas(sentence.tokens, marginals)
        found = read_stretches(sentence.tokens, marginals)
        for area in find_initials(sentence, marginals, text, self._gazetteer, self._lookup):
            if not any(each.first < area.first <= each.last for each in found):
                found = [each for each in found if not area.first <= each.first <= area.last]
                found.append(area)
        return found

    def _favour_areas(self, tokens: Sequence[Token], marginals: Array) -> Array:
        """Return the probabilities with those of areas' names raised over the threshold."""
        inside = marginals[:, BEGIN] + marginals[:, INSIDE]
        unsure = (inside >= AREA_THRESHOLD) & (inside < THRESHOLD)
        unsure &= marginals[:, INSIDE + 1 :].sum(axis=1) < ANOTHER
        for position in np.flatnonzero(unsure).tolist():
            if is_capitalised(tokens[position].text):
                facts = self._lookup(tokens[position].text)
                if facts is not None and is_area(facts):
                    marginals = marginals.copy()
                    marginals[position, BEGIN] = THRESHOLD - marginals[position, INSIDE]
        return marginals

    def _make_toponym(self, tokens: Sequence[Token], stretch: Stretch, text: str) -> Toponym:
        span = Span(tokens[stretch.first].start, tokens[stretch.last].end)
        words = span.of(text)
        facts = self._lookup(words)
        is_actor = can_act(facts) and acts(
            tokens, stretch.first, stretch.last, seat=facts is not None and is_seat(facts)
        )
        return Toponym(span, words, round(stretch.probability, 4), is_actor)


def is_area(facts: NameFacts) -> bool:
    """Say whether a name is a country's, a province's or a region's and no town's."""
    return (facts.is_country or facts.is_admin1 or AREA in facts.feature_codes) and not any(
        code.startswith("PPL") for code in facts.feature_codes
    )


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


def _may_begin(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Say whether a name may begin here: with a capital, a street's number or an article."""
    form = tokens[first].text
    if first < last and not is_capitalised(form):
        following = tokens[first + 1].text
        if form[0].isdigit() or form in ARTICLES:
            return is_capitalised(following) or following == "-" or following in ORDINALS
        return False
    return form[0].isalnum()


def _trim(tokens: Sequence[Token], first: int, last: int, inside: Array) -> Stretch | None:
    """Drop what is no part of a name at both ends of a stretch; None where nothing stays.

    Signs and possessive endings go, and measures before a name ("50 km north of Mosul").
    """
    while first <= last and not _may_begin(tokens, first, last):
        first += 1
    while last >= first and not tokens[last].text[0].isalnum():
        last -= 1
    if first > last:
        return None
    return Stretch(first, last, float(inside[first : last + 1].min()))

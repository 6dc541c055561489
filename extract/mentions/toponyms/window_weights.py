"""The scores of a document's tokens under a sequence model.

A form's features are the same wherever it stands, so their weights are summed once per form
and position in the window and remembered; only what depends on the place is weighed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from extract.mentions.toponyms.sequence_model import Array, SequenceModel
from extract.mentions.toponyms.token_features import (
    WINDOW,
    FactsLookup,
    Sentence,
    describe_form,
    offsets_of,
)

# Forms that are remembered before all are forgotten; each takes 140 bytes of weights.
REMEMBERED_FORMS = 100_000


class WindowWeights:
    """A model's weights with a memory of the forms that it met."""

    def __init__(self, model: SequenceModel, lookup: FactsLookup) -> None:
        self._lookup = lookup
        self._rows = model.rows
        # The features of the window by position, without its prefix: 0:w=in is w=in at 0.
        self._rows_at: dict[int, dict[str, int]] = {
            offset: {} for offset in range(-WINDOW, WINDOW + 1)
        }
        for name, row in model.rows.items():
            prefix, _, rest = name.partition(":")
            if prefix.lstrip("-").isdigit():
                self._rows_at[int(prefix)][rest] = row
        self._weights = model.weights
        self._forms: dict[str, int] = {}
        # Row 0 stands for the nothing before and after a sentence.
        self._windows = np.zeros((1024, 2 * WINDOW + 1, len(model.labels)), dtype=np.float32)

    def score(
        self, sentences: Sequence[Sentence], described: Sequence[Sequence[Sequence[str]]]
    ) -> list[Array]:
        """Return the summed weights of each sentence's tokens, shaped (tokens, labels).

        `described` holds the features that depend on the place, per sentence and token.
        """
        forms = self._forms
        self._learn(
            {
                token.text: None
                for sentence in sentences
                for token in sentence.tokens
                if token.text not in forms
            }
        )
        numbers: list[int] = [0] * WINDOW
        starts: list[int] = []
        for sentence in sentences:
            starts.append(len(numbers))
            numbers += [forms[token.text] for token in sentence.tokens]
            numbers += [0] * WINDOW
        windows = self._windows[np.array(numbers)]
        scores = np.zeros((len(numbers), windows.shape[2]), dtype=np.float32)
        for offset in range(-WINDOW, WINDOW + 1):
            # The form at p + offset speaks for the token at p.
            low, high = max(0, -offset), len(numbers) - max(0, offset)
            scores[low:high] += windows[low + offset : high + offset, offset + WINDOW]
        places = [
            (start + position, features)
            for start, own in zip(starts, described, strict=True)
            for position, features in enumerate(own)
            if features
        ]
        self._add(scores, places)
        return [
            scores[start : start + len(sentence.tokens)]
            for start, sentence in zip(starts, sentences, strict=True)
        ]

    def _add(self, scores: Array, places: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Add to the scores the weights of features at the given rows."""
        rows = self._rows
        found: list[int] = []
        targets: list[int] = []
        bounds: list[int] = []
        for target, features in places:
            size = len(found)
            found += [row for name in features if (row := rows.get(name)) is not None]
            if len(found) > size:
                targets.append(target)
                bounds.append(size)
        if found:
            scores[targets] += np.add.reduceat(self._weights[found], bounds, axis=0)

    def _learn(self, new: Collection[str]) -> None:
        """Weigh forms that were not met before, each at every position of the window."""
        first = len(self._forms) + 1
        end = first + len(new)
        if end > len(self._windows):
            size = max(end, len(self._windows) + 1024)
            longer = np.zeros((size, *self._windows.shape[1:]), dtype=np.float32)
            longer[: len(self._windows)] = self._windows
            self._windows = longer
        found: list[int] = []
        targets: list[int] = []
        bounds: list[int] = []
        width = 2 * WINDOW + 1
        for number, form in enumerate(new, first):
            for offset, names in offsets_of(describe_form(form, self._lookup)):
                known = self._rows_at[offset]
                size = len(found)
                found += [row for name in names if (row := known.get(name)) is not None]
                if len(found) > size:
                    targets.append(number * width + offset + WINDOW)
                    bounds.append(size)
        if found:
            flat = self._windows.reshape(-1, self._windows.shape[2])
            flat[targets] = np.add.reduceat(self._weights[found], bounds, axis=0)
        self._forms.update(zip(new, range(first, end), strict=True))

    def forget(self) -> None:
        """Forget the forms when there are too many; call it between documents."""
        if len(self._forms) >= REMEMBERED_FORMS:
            self._forms.clear()
            self._windows = np.zeros_like(self._windows[:1024])

"""A linear-chain conditional random field, read from a file and run with numpy.

Weights are learnt elsewhere (`training/toponyms.py`); here they are only summed. All
sentences of a document go through the chain at once, which makes it cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extract.errors import ModelError

Array = NDArray[np.float32]

BATCH = 48


@dataclass(frozen=True, slots=True)
class SequenceModel:
    """Weights of features by label, and of label pairs.

    `rows` maps a feature to its row of `weights`, shaped (features, labels); `transitions`
    is shaped (labels, labels), from the row's label to the column's.
    """

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Array
    transitions: Array

    @classmethod
    def load(cls, path: Path) -> SequenceModel:
        """Read a model that `save` wrote. Raises ModelError when the file is of another kind."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                features = stored["features"].tobytes().decode().split("\n")
                weights = stored["weights"].astype(np.float32)
                labels = tuple(stored["labels"].tobytes().decode().split("\n"))
                transitions = stored["transitions"].astype(np.float32)
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"{path} is no model of toponyms ({error}); fetch it again") from error
        if weights.shape != (len(features), len(labels)):
            raise ModelError(f"{path} is damaged: its weights do not fit its features")
        return cls(labels, {name: row for row, name in enumerate(features)}, weights, transitions)

    def save(self, path: Path) -> None:
        """Write the model in half precision, compressed."""

        def encode(names: Iterable[str]) -> NDArray[np.uint8]:
            return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)

        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            features=encode(self.rows),
            labels=encode(self.labels),
            weights=self.weights.astype(np.float16),
            transitions=self.transitions,
        )

    def weigh(self, features: Iterable[str]) -> Array:
        """Return the sum of the features' weights, one number per label; unknown ones count 0."""
        rows = self.rows
        known = [row for name in features if (row := rows.get(name)) is not None]
        if not known:
            return np.zeros(len(self.labels), dtype=np.float32)
        total: Array = self.weights[known].sum(axis=0)
        return total

    def find_marginals(self, scores: Sequence[Array]) -> list[Array]:
        """Return each token's probability of each label, sentence by sentence.

        `scores` holds an array shaped (tokens, labels) per sentence.
        """
        lengths = [len(score) for score in scores]
        if not lengths or max(lengths) == 0:
            return [np.zeros((0, len(self.labels)), dtype=np.float32) for _ in lengths]
        order = sorted(range(len(scores)), key=lambda index: lengths[index])
        results: list[Array] = [np.zeros((0, 0), dtype=np.float32)] * len(scores)
        # Sentences of like length go together, so that little is padded; as a step costs much the
        # same for few and for many, an article of usual length is one batch.
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            for index, marginal in zip(
                batch, self._batch_marginals([scores[i] for i in batch]), strict=True
            ):
                results[index] = marginal
        return results

    def _batch_marginals(self, scores: Sequence[Array]) -> list[Array]:
        count, width = len(scores), len(self.labels)
        lengths = np.array([len(score) for score in scores])
        longest = int(lengths.max())
        emissions = np.zeros((longest, count, width), dtype=np.float32)
        for index, score in enumerate(scores):
            emissions[: len(score), index] = score
        potentials = np.exp(emissions - emissions.max(axis=2, keepdims=True))
        steps = np.exp(self.transitions)
        forward = np.zeros_like(potentials)
        backward = np.ones_like(potentials)
        if longest:
            forward[0] = potentials[0]
            forward[0] /= forward[0].sum(axis=1, keepdims=True)
        for position in range(1, longest):
            arrived = (forward[position - 1] @ steps) * potentials[position]
            arrived /= np.add.reduce(arrived, axis=1, keepdims=True)
            forward[position] = arrived
        for position in range(longest - 2, -1, -1):
            left = (backward[position + 1] * potentials[position + 1]) @ steps.T
            left /= np.add.reduce(left, axis=1, keepdims=True)
            # Padding carries no evidence: a sentence that has ended keeps its ones.
            backward[position] = np.where((position + 1 < lengths)[:, None], left, 1.0)
        joint = forward * backward
        joint /= np.maximum(joint.sum(axis=2, keepdims=True), 1e-30)
        return [joint[: len(score), index] for index, score in enumerate(scores)]
